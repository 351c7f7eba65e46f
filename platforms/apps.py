from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "platforms"

    def ready(self) -> None:
        from platforms.declarations.record_kinds import register_kinds
        from platforms.guards import guard_platforms

        guard_platforms()
        register_kinds()
