"""Every metric that the dashboard and the alerts name is one that we show."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from tests.adapters.metrics.tls_server import tls_server
from tests.builders import an_effect
from totetaxi_adapters.metrics.exposition import Exposition
from totetaxi_adapters.metrics.meters import OK
from totetaxi_adapters.providers import WEBHOOK_PATH
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_adapters.worker import SCHEDULE
from totetaxi_core.payments.gateway import PaymentGateway

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
BEGINS_A_PAYMENT = PaymentGateway.create_intent.__name__
# A document, a chapter of it, and a row of that chapter's table.
RUNBOOK = re.compile(r"(docs/[\w-]+\.md)#([\w-]+): (.+)")
NAME = re.compile(r"\b(?:totetaxi|http)_\w+")
SELECTOR = re.compile(r"((?:totetaxi|http)_\w+)\{([^}]*)\}")
MATCH = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
SCRAPED = frozenset({"instance", "job"})
Shown = dict[str, Metric]
GRID_COLUMNS = 24  # Grafana's
OF_HISTOGRAMS = ("_bucket", "_sum", "_count")


@pytest.fixture
async def shown(database_url: str, tmp_path: Path) -> Shown:
    """Give every metric of a service at https by its name."""
    async with tls_server(tmp_path, ends_at=datetime(2090, 1, 1, tzinfo=UTC)) as url:
        settings = settings_from(
            {
                "TOTETAXI_DATA_DIR": str(tmp_path),
                "PUBLIC_BASE_URL": url,
                "STRIPE_API_BASE": "http://127.0.0.1:9",
            }
        )
        async with wired(settings, database_url) as wiring:
            await live_a_little(wiring)
            text = (await Exposition(wiring).text()).decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


async def live_a_little(wiring: Wiring) -> None:
    """Count one of everything that has labels, beat, and have a job waiting."""
    for name in SCHEDULE:
        await wiring.heartbeats.beat(name, at=wiring.ports.clock())
    webhooks = WEBHOOK_PATH.rstrip("/")
    wiring.meters.requests.observe(method="POST", route=webhooks, status=200, seconds=0.1)
    with wiring.meters.job("beat"), wiring.meters.call("stripe", BEGINS_A_PAYMENT) as called:
        called.value = OK
        async with wiring.ports.unit_of_work() as uow:
            await uow.outbox.owe(an_effect())
            await uow.commit()


def rules() -> list[dict[str, Any]]:
    read = YAML(typ="safe").load(DEPLOY / "prometheus" / "alerts.yml")
    return [rule for group in read["groups"] for rule in group["rules"]]


def board() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())
    return read


def board_queries() -> Iterator[str]:
    for panel in board()["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def family_of(name: str) -> str:
    """Return the family that a series is of."""
    of_histogram = next((end for end in OF_HISTOGRAMS if name.endswith(end)), "")
    return name.removesuffix(of_histogram).removesuffix("_total")


def named(query: str) -> set[str]:
    """Return the metrics of a query by their families' names."""
    return {family_of(name) for name in NAME.findall(query)}


def test_given_the_dashboard_when_its_metrics_are_looked_up_then_each_is_shown(
    shown: Shown,
) -> None:
    wanted = set().union(*map(named, board_queries()))

    assert len(wanted) > 15
    assert wanted - shown.keys() == set()


def test_given_the_alerts_when_their_metrics_are_looked_up_then_each_is_shown(
    shown: Shown,
) -> None:
    wanted = set().union(*(named(rule["expr"]) for rule in rules()))

    assert len(wanted) > 10
    assert wanted - shown.keys() == set()


def test_given_a_query_when_it_asks_for_labels_then_its_metric_has_them(shown: Shown) -> None:
    for query in (*board_queries(), *(rule["expr"] for rule in rules())):
        for name, wanted in SELECTOR.findall(query):
            samples = shown[family_of(name)].samples
            labels = set().union(*(sample.labels for sample in samples))
            for label, how, value in MATCH.findall(wanted):
                assert label in labels | SCRAPED, query
                if how == "=":
                    assert value in {sample.labels.get(label) for sample in samples}, query


def test_given_the_metrics_when_looked_for_then_the_dashboard_has_each(shown: Shown) -> None:
    wanted = set().union(*map(named, board_queries()))

    assert shown.keys() - wanted == set()


def test_given_an_alert_when_looked_at_then_it_says_what_is_wrong_and_what_to_do() -> None:
    tested = (DEPLOY / "prometheus" / "alerts.test.yml").read_text()

    for rule in rules():
        assert set(rule["annotations"]) == {"summary", "action", "runbook"}, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert f"'{rule['alert']} fires'" in tested
        assert f"'{rule['alert']} is quiet:" in tested


def test_given_an_alert_when_its_runbook_is_opened_then_that_row_is_there() -> None:
    for rule in rules():
        found = RUNBOOK.fullmatch(rule["annotations"]["runbook"])

        assert found, rule["alert"]
        document, chapter, symptom = found.groups()
        assert symptom in symptoms(ROOT / document, chapter), rule["alert"]


def symptoms(document: Path, chapter: str) -> set[str]:
    """Return the first cell of each row of a chapter, without marks of code."""
    chapters = document.read_text().split("\n## ")
    [text] = [one for one in chapters if anchor(one.partition("\n")[0]) == chapter]
    return {
        line.split("|")[1].strip().replace("`", "")
        for line in text.splitlines()
        if line.startswith("| ")
    }


def anchor(heading: str) -> str:
    return heading.strip().lower().replace(" ", "-")


def test_given_the_dashboard_when_read_then_its_panels_are_apart_and_told_of() -> None:
    panels = board()["panels"]

    ids = [panel["id"] for panel in panels]
    cells = [cell for panel in panels for cell in cells_of(panel["gridPos"])]
    assert len(set(ids)) == len(ids)
    assert len(set(cells)) == len(cells)
    assert {column for column, _ in cells} == set(range(GRID_COLUMNS))
    assert {panel["datasource"]["uid"] for panel in panels if panel["type"] != "row"} == {
        "${datasource}"
    }


def cells_of(place: dict[str, int]) -> Iterator[tuple[int, int]]:
    yield from product(
        range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
    )
