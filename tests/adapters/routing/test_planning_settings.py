import pytest

from totetaxi_adapters.settings import SettingsError, settings_from
from totetaxi_adapters.wiring import terms_of
from totetaxi_core.logistics.planning_terms import PlanningTerms


def test_given_a_van_and_roads_in_the_settings_when_wired_then_plans_reckon_with_them() -> None:
    environ = {"VAN_CUBIC_FEET": "300", "PICKUP_LATE_MINUTES": "15", "ROAD_PERCENT": "140"}

    usual, told = terms_of(settings_from({})), terms_of(settings_from(environ))

    assert usual.planning == PlanningTerms()
    assert told.planning == PlanningTerms(van_cubic_feet=300, late_minutes=15, road_percent=140)


@pytest.mark.parametrize("name", ["VAN_CUBIC_FEET", "PICKUP_LATE_MINUTES", "ROAD_PERCENT"])
def test_given_nonsense_in_the_settings_when_read_then_it_is_refused_by_name(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from({name: "-1"})

    assert list(refused.value.problems) == [name]
