from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsentConfig(AppConfig):
    name = "consent"

    def ready(self) -> None:
        from consent import detection, gap_mail  # noqa: F401  (they connect their receivers)
        from consent.alerts import revising  # noqa: F401  (connects its receiver)
        from consent.desk import noise  # noqa: F401  (adds its tool to the pages' desk)
        from consent.models.intervals import forbid_overlapping_states

        post_migrate.connect(forbid_overlapping_states, sender=self)
