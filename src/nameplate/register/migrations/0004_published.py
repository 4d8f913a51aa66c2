"""The organisation that stands for published sources."""

from typing import Any, ClassVar

from django.db import migrations


def make(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Create it once."""
    apps.get_model("register", "Organisation").objects.get_or_create(
        key="published", defaults={"name": "Published sources"}
    )


class Migration(migrations.Migration):
    """Published sources."""

    dependencies: ClassVar = [("register", "0003_records")]
    operations: ClassVar = [migrations.RunPython(make, migrations.RunPython.noop)]
