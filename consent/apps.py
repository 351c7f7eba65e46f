from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsentConfig(AppConfig):
    name = "consent"

    def ready(self) -> None:
        from consent import detection  # noqa: F401  (connects its receivers)
        from consent.models.intervals import forbid_overlapping_states

        post_migrate.connect(forbid_overlapping_states, sender=self)
