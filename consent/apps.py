from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class ConsentConfig(AppConfig):
    name = "consent"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (it registers them)
        from consent.alerts.sending import provider_reports  # noqa: F401  (a receiver, a check)
        from consent.curation import (
            revisions,  # noqa: F401  (a receiver, a check)
            slug_changes,  # noqa: F401  (it connects receivers)
        )
        from consent.declarations import passage_words  # noqa: F401  (a receiver)
        from consent.declarations.record_kinds import register_kinds
        from consent.desk import (
            gap_mail,  # noqa: F401  (they connect receivers)
            noise,  # noqa: F401  (adds its tool to the pages' desk)
        )
        from consent.desk.roles import create_roles
        from consent.detection import changes  # noqa: F401  (they connect receivers)
        from consent.models.guards import guard_entries
        from consent.search import indexes
        from consent.web import editions
        from platforms import guards
        from platforms.append_only import protect_logs

        connection_created.connect(editions.watch_connection)
        post_migrate.connect(editions.begin, sender=self)  # a release may draw pages anew
        post_migrate.connect(protect_logs, sender=self)
        guard_entries()
        register_kinds()
        pre_migrate.connect(guards.release, sender=self)
        post_migrate.connect(guards.set_up, sender=self)
        post_migrate.connect(indexes.set_up, sender=self)
        # The last app with rights of its own: by then those of all others are there.
        post_migrate.connect(create_roles, sender=apps.get_app_config("sessions"))
