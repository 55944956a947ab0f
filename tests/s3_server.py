"""A server that speaks S3, in a thread of this process: moto's."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from instroom.config.file_store import S3Place

KEYS = ("a-key", "a-secret")


@contextmanager
def s3_server() -> Iterator[str]:
    """Give its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def make_bucket(endpoint: str) -> S3Place:
    """A place in a new bucket."""
    place = S3Place(f"site-{secrets.token_hex(8)}", "instroom/", endpoint, "eu-central-1")
    client_of(place).create_bucket(Bucket=place.bucket, CreateBucketConfiguration={"LocationConstraint": place.region})
    return place


def client_of(place: S3Place) -> Any:
    """With all rights."""
    import boto3

    names = dict(zip(("aws_access_key_id", "aws_secret_access_key"), KEYS, strict=True))
    return boto3.client("s3", endpoint_url=place.endpoint, region_name=place.region, **names)
