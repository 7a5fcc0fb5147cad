"""One check of the doctor's, and how it went."""

from enum import StrEnum

import attrs


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@attrs.frozen(kw_only=True)
class HealthCheck:
    """`advice` says what to do where something is to be done."""

    name: str
    verdict: Verdict
    message: str
    advice: str | None = None

    @property
    def has_failed(self) -> bool:
        return self.verdict is Verdict.FAIL


def passed(name: str, message: str) -> HealthCheck:
    return HealthCheck(name=name, verdict=Verdict.OK, message=message)


def warned(name: str, message: str, *, advice: str) -> HealthCheck:
    return HealthCheck(name=name, verdict=Verdict.WARN, message=message, advice=advice)


def failed(name: str, message: str, *, advice: str) -> HealthCheck:
    return HealthCheck(name=name, verdict=Verdict.FAIL, message=message, advice=advice)
