from tests.adapters.sandbox.onfleet.onfleet_server import ADDRESS, OnfleetServer


async def test_given_tasks_when_the_pages_are_read_then_texts_are_escaped(
    onfleet: OnfleetServer,
) -> None:
    place = {"address": ADDRESS | {"street": "<i>Lane"}}
    task = await onfleet.create(notes="<b>TT-1", destination=place)

    index = await onfleet.http.get(onfleet.url.removesuffix("/onfleet"))
    listing = await onfleet.http.get(onfleet.url)
    page = await onfleet.http.get(f"{onfleet.url}/tasks/{task['id']}")

    assert 'href="/sandbox/onfleet"' in index.text
    assert 'href="/sandbox/stripe"' not in index.text
    assert f"/sandbox/onfleet/tasks/{task['id']}" in listing.text
    assert "&lt;i&gt;Lane" in page.text
    for text in (listing.text, page.text):
        assert "&lt;b&gt;TT-1" in text
        assert "<b>" not in text


async def test_given_a_browser_when_it_moves_a_task_then_it_comes_back_to_its_page(
    onfleet: OnfleetServer,
) -> None:
    task_id = (await onfleet.create())["id"]
    form = {"task_id": task_id, "to": "completed", "worker_id": ""}

    answer = await onfleet.http.post(f"{onfleet.url}/move", data=form, follow_redirects=True)
    pilot = await onfleet.http.post(f"{onfleet.url}/autopilot", data={"all": "true", "step_s": "5"})

    assert answer.history[0].status_code == 303
    assert "<strong>completed</strong>" in answer.text
    assert answer.text.count("<img") == 2
    assert pilot.status_code == 303


async def test_given_a_tracking_link_when_followed_then_it_tells_where_and_not_who(
    onfleet: OnfleetServer,
) -> None:
    task = await onfleet.create()
    waiting = await onfleet.http.get(task["trackingURL"])
    await onfleet.moved(task["id"], "active")

    under_way = await onfleet.http.get(task["trackingURL"])
    unknown = await onfleet.http.get(f"{onfleet.url}/track/none")

    assert "We have your order." in waiting.text
    assert "Your driver is on the way." in under_way.text
    for private in ("Ada", "5th", "0147"):
        assert private not in under_way.text
    assert (await onfleet.get(task["id"]))["trackingViewed"] is True
    assert unknown.status_code == 404


async def test_given_null_bytes_when_pages_are_asked_for_then_not_found(
    onfleet: OnfleetServer,
) -> None:
    answers = [
        await onfleet.http.get(f"{onfleet.url}/{path}/%00")
        for path in ("tasks", "track", "uploads", "api/v2/tasks")
    ]

    assert {answer.status_code for answer in answers} == {404}
