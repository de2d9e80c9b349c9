"""Issues a document, follows the feed, reports a status, lodges a dossier and completes its task.

Settings: LIENTHONG (host:port), TOKEN_SENDER and TOKEN_RECIPIENT (tokens of two agencies), RECIPIENT (the code of the
second one), PROCEDURE (the code of a procedure that it takes in; without it no dossier is lodged), CURSOR_FILE, and
LIENTHONG_CA (PEM; without it the program speaks plain text).
"""

import os
import uuid
from pathlib import Path

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from lienthong.casework.v1 import service_pb2 as casework
from lienthong.casework.v1 import service_pb2_grpc as casework_grpc
from lienthong.casework.v1 import types_pb2 as casework_types
from lienthong.common.v1 import common_pb2 as common
from lienthong.feed.v1 import service_pb2 as feed
from lienthong.feed.v1 import service_pb2_grpc as feed_grpc
from lienthong.registry.v1 import types_pb2 as registry
from lienthong.routing.v1 import events_pb2 as routing_events
from lienthong.routing.v1 import service_pb2 as routing
from lienthong.routing.v1 import service_pb2_grpc as routing_grpc
from lienthong.routing.v1 import types_pb2 as routing_types

TIMEOUT_S = 30
# Transient failures are retried by gRPC itself: every change carries a request_id, so it is done once.
RETRIES = """{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 4, "initialBackoff": "0.2s",
  "maxBackoff": "3s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}]}"""


def connect() -> grpc.Channel:
    options = [("grpc.service_config", RETRIES), ("grpc.keepalive_time_ms", 20_000)]
    ca = os.environ.get("LIENTHONG_CA")
    if ca is None:
        return grpc.insecure_channel(os.environ["LIENTHONG"], options)
    credentials = grpc.ssl_channel_credentials(Path(ca).read_bytes())
    return grpc.secure_channel(os.environ["LIENTHONG"], credentials, options)


def bearer(token: str) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {token}")]


def issue(channel: grpc.Channel, token: str, recipient: str) -> str:
    request = routing.IssueDocumentRequest(
        request_id=str(uuid.uuid4()),
        type="CV",
        notation="UBND-VP",
        subject="V/v kết nối bằng Python",
        signer=routing_types.Signer(
            competence="TM. UBND", position="Chủ tịch", full_name="Nguyễn Văn Mẫu"
        ),
        recipients=[routing.Recipient(code=common.AgencyCode(code=recipient))],
    )
    stub = routing_grpc.DocumentRoutingServiceStub(channel)
    reply = stub.IssueDocument(request, metadata=bearer(token), timeout=TIMEOUT_S)
    document = reply.document
    print(f"issued {document.number}/{document.notation}")
    return document.id


def follow_until(channel: grpc.Channel, token: str, document_id: str, cursor_file: Path) -> str:
    """Follows the feed from the stored cursor until the document has come; returns its delivery.

    The cursor is stored after what an event brought was done. A program that ends in between gets the event again.
    """
    cursor = cursor_file.read_text() if cursor_file.exists() else ""
    request = feed.FollowRequest(
        cursor=cursor,
        start=feed.START_OLDEST,
        types=["lienthong.routing.v1.DeliverySent"],
    )
    stream = feed_grpc.FeedServiceStub(channel).Follow(request, metadata=bearer(token))
    for message in stream:
        if message.WhichOneof("message") == "heartbeat":
            cursor_file.write_text(message.heartbeat.cursor)
            continue
        sent = routing_events.DeliverySent()
        message.event.data.Unpack(sent)
        print(f"came {sent.document.subject}")
        cursor_file.write_text(message.event.cursor)
        if sent.delivery.document_id == document_id:
            stream.cancel()
            return sent.delivery.id
    raise RuntimeError("the stream ended; connect again with the stored cursor")


def report(channel: grpc.Channel, token: str, delivery_id: str) -> None:
    request = routing.ReportStatusRequest(
        request_id=str(uuid.uuid4()),
        delivery_id=delivery_id,
        status=routing_types.DELIVERY_STATUS_ARRIVED,
    )
    stub = routing_grpc.DocumentRoutingServiceStub(channel)
    stub.ReportStatus(request, metadata=bearer(token), timeout=TIMEOUT_S)
    print("reported 01")


def lodge_and_complete(channel: grpc.Channel, token: str, procedure: str) -> None:
    stub = casework_grpc.CaseworkServiceStub(channel)
    lodged = stub.LodgeDossier(
        casework.LodgeDossierRequest(
            request_id=str(uuid.uuid4()),
            procedure_code=procedure,
            channel=registry.CHANNEL_IN_PERSON,
            applicant=casework_types.Applicant(full_name="Nguyễn Thị Mẫu"),
            accept=True,
        ),
        metadata=bearer(token),
        timeout=TIMEOUT_S,
    )
    print(f"lodged {lodged.code}")
    change = {"dossier_id": lodged.dossier_id, "task_number": 1}
    stub.ClaimTask(
        casework.ClaimTaskRequest(request_id=str(uuid.uuid4()), **change),
        metadata=bearer(token),
        timeout=TIMEOUT_S,
    )
    results = [casework_types.Result(key="giay-phep", name="Giấy phép", number="01/GP")]
    completed = stub.CompleteTask(
        casework.CompleteTaskRequest(request_id=str(uuid.uuid4()), results=results, **change),
        metadata=bearer(token),
        timeout=TIMEOUT_S,
    )
    print(f"completed, status {completed.standing.status}")


def refused(channel: grpc.Channel, token: str) -> None:
    """What a refusal says: a reason for programs, and what is wrong with each field."""
    stub = routing_grpc.DocumentRoutingServiceStub(channel)
    try:
        request = routing.IssueDocumentRequest(request_id=str(uuid.uuid4()), type="CV")
        stub.IssueDocument(request, metadata=bearer(token), timeout=TIMEOUT_S)
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        for detail in status.details if status else []:
            bad = error_details_pb2.BadRequest()
            if detail.Unpack(bad):
                print("refused " + ", ".join(sorted({one.field for one in bad.field_violations})))


def main() -> None:
    sender, recipient = os.environ["TOKEN_SENDER"], os.environ["TOKEN_RECIPIENT"]
    with connect() as channel:
        document_id = issue(channel, sender, os.environ["RECIPIENT"])
        cursor_file = Path(os.environ.get("CURSOR_FILE", "cursor"))
        report(channel, recipient, follow_until(channel, recipient, document_id, cursor_file))
        if "PROCEDURE" in os.environ:
            lodge_and_complete(channel, recipient, os.environ["PROCEDURE"])
        refused(channel, sender)


if __name__ == "__main__":
    main()
