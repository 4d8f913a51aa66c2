"""The register's routes; each view declares who may call it."""

from django.urls import path

from nameplate.register.views import (
    devices,
    disputes,
    imports,
    members,
    purchases,
    records,
    subjects,
)

urlpatterns = [
    path("purchases", purchases.purchases, name="purchases"),
    path("purchases/<int:pk>", purchases.purchase, name="purchase"),
    path("purchases/<int:pk>/judge", purchases.judge, name="judge"),
    path("bodies", subjects.bodies, name="bodies"),
    path("bodies/<str:key>", subjects.body, name="body"),
    path("suppliers", subjects.suppliers, name="suppliers"),
    path("suppliers/<str:key>", subjects.supplier, name="supplier"),
    path("makers", subjects.makers, name="makers"),
    path("makers/<str:key>", subjects.maker, name="maker"),
    path("estate", devices.estate, name="estate"),
    path("estate/<str:key>", devices.device, name="device"),
    path("statements", records.statements, name="statements"),
    path("statements/<int:pk>", records.statement, name="statement"),
    path("runs", records.runs, name="runs"),
    path("runs/<int:pk>", records.run, name="run"),
    path("imports", imports.imports, name="imports"),
    path("imports/new", imports.new_import, name="import_new"),
    path("imports/<int:pk>", imports.import_, name="import"),
    path("imports/<int:pk>/set-aside", imports.set_aside, name="import_set_aside"),
    path("imports/<int:pk>/stop", imports.stop, name="import_stop"),
    path("imports/<int:pk>/undo", imports.undo, name="import_undo"),
    path("people", members.members, name="members"),
    path("people/invite", members.invite, name="member_invite"),
    path("people/<int:pk>/remove", members.remove, name="member_remove"),
    path("join/<str:token>", members.accept, name="accept"),
    path("audit", members.audit_trail, name="audit"),
    path("audit/verify", members.verify, name="audit_verify"),
    path("wrong/<str:subject_type>/<str:subject_id>", disputes.raise_dispute, name="wrong"),
    path("disputes", disputes.disputes, name="disputes"),
    path("disputes/received/<str:reference>", disputes.received, name="dispute_received"),
    path("disputes/<str:reference>", disputes.dispute, name="dispute"),
    path("disputes/<str:reference>/decide", disputes.decide, name="dispute_decide"),
]
