"""What people ask and say about a delivery, without deciding anything: its state stays as it is."""

from typing import Final

from django.db import transaction
from django.db.models import BooleanField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.news.comment_news import tell_commented
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import Comment, Delivery, User

MOST_LETTERS: Final = 2_000
MOST: Final = 200
"""On one delivery."""
MOST_ROWS: Final = 1_000_000


@transaction.atomic
def comment(delivery: Delivery, text: str, *, by: User, asks: bool = True, row: int | None = None) -> Comment:
    """Write a comment, and mail the others that there is one. `asks`: an answer is expected. `row`: of the file, where
    it is about one record. Raises NotFound and NotAllowed."""
    permissions.check(by, "comment", delivery.customer)
    refuse_other_sources(delivery, "comment", by)
    if not text.strip():
        raise NotAllowed("comment-empty")
    if len(text.strip()) > MOST_LETTERS:
        raise NotAllowed("comment-too-long", most=MOST_LETTERS)
    if row is not None and not 1 <= row <= MOST_ROWS:
        raise NotAllowed("comment-row")
    made = write_comment(delivery, text, by=by, asks=asks, row=row)
    tell_commented(delivery, by, asks, comments_on(delivery))
    return made


def write_comment(delivery: Delivery, text: str, *, by: User, asks: bool = False, row: int | None = None) -> Comment:
    """Write a comment that goes with something else that is told of."""
    if delivery.values_removed_at:
        raise NotAllowed("comments-closed")
    if delivery.comments.count() >= MOST:
        raise NotAllowed("comments-most", most=MOST)
    text = text.strip().replace("\0", "")
    made = Comment.objects.create(delivery=delivery, user=by, at=timezone.now(), text=text, row=row, asks=asks)
    audit.record(delivery, "commented", by, asks=asks)
    return made


def comments_on(delivery: Delivery) -> list[Comment]:
    return list(delivery.comments.select_related("user").order_by("pk"))


def with_questions(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Deliveries that each say as `question_open` whether their last comment asks something."""
    last = Comment.objects.filter(delivery=OuterRef("pk")).order_by("-pk").values("asks")[:1]
    return found.annotate(question_open=Coalesce(Subquery(last), False, output_field=BooleanField()))
