"""Which origins browsers may call from."""

from litestar.config.cors import CORSConfig

from totetaxi_adapters.settings import Settings

_DAY_S = 86_400


def cors_config(settings: Settings) -> CORSConfig:
    """Return the rules: the origins of the settings, with credentials."""
    return CORSConfig(
        allow_origins=list(settings.cors_allowed_origins),
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "X-Manage-Token",
            "X-Request-ID",
        ],
        expose_headers=["ETag", "Idempotency-Replayed", "Retry-After", "X-Request-ID"],
        max_age=_DAY_S,
    )
