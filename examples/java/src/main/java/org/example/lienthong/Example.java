package org.example.lienthong;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.AbstractBlockingStub;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import lienthong.casework.v1.CaseworkServiceGrpc;
import lienthong.casework.v1.Service.ClaimTaskRequest;
import lienthong.casework.v1.Service.CompleteTaskRequest;
import lienthong.casework.v1.Service.LodgeDossierRequest;
import lienthong.casework.v1.Types.Applicant;
import lienthong.casework.v1.Types.Result;
import lienthong.common.v1.Common.AgencyCode;
import lienthong.feed.v1.FeedServiceGrpc;
import lienthong.feed.v1.Service.FollowRequest;
import lienthong.feed.v1.Service.Start;
import lienthong.registry.v1.Types.Channel;
import lienthong.routing.v1.DocumentRoutingServiceGrpc;
import lienthong.routing.v1.Events.DeliverySent;
import lienthong.routing.v1.Service.IssueDocumentRequest;
import lienthong.routing.v1.Service.Recipient;
import lienthong.routing.v1.Service.ReportStatusRequest;
import lienthong.routing.v1.Types.DeliveryStatus;
import lienthong.routing.v1.Types.Signer;

/**
 * Issues a document, follows the feed, reports a status, lodges a dossier and completes its task.
 *
 * <p>Settings: LIENTHONG (host:port), TOKEN_SENDER and TOKEN_RECIPIENT (tokens of two agencies), RECIPIENT (the code of
 * the second one), PROCEDURE (the code of a procedure that it takes in; without it no dossier is lodged), CURSOR_FILE,
 * and LIENTHONG_CA (PEM; without it the program speaks plain text).
 */
public final class Example {
  private static final int TIMEOUT_S = 30;

  /** Transient failures are retried by gRPC itself: every change carries a request_id, so it is done once. */
  private static final Map<String, ?> RETRIES =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name", List.of(Map.of()),
                  "retryPolicy",
                      Map.of(
                          "maxAttempts", 4.0,
                          "initialBackoff", "0.2s",
                          "maxBackoff", "3s",
                          "backoffMultiplier", 2.0,
                          "retryableStatusCodes", List.of("UNAVAILABLE")))));

  private final ManagedChannel channel;

  private Example(ManagedChannel channel) {
    this.channel = channel;
  }

  public static void main(String[] arguments) throws Exception {
    // Vietnamese, whatever the settings of the machine.
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    ManagedChannel channel = connect();
    try {
      new Example(channel).run();
    } finally {
      channel.shutdownNow();
    }
  }

  private void run() throws IOException {
    CallCredentials sender = bearer(setting("TOKEN_SENDER"));
    CallCredentials recipient = bearer(setting("TOKEN_RECIPIENT"));
    String documentId = issue(sender, setting("RECIPIENT"));
    String deliveryId = followUntil(recipient, documentId, Path.of(System.getenv().getOrDefault("CURSOR_FILE", "cursor")));
    report(recipient, deliveryId);
    String procedure = System.getenv("PROCEDURE");
    if (procedure != null) lodgeAndComplete(recipient, procedure);
    showRefusal(sender);
  }

  private static ManagedChannel connect() throws IOException {
    String ca = System.getenv("LIENTHONG_CA");
    ChannelCredentials credentials =
        ca == null
            ? InsecureChannelCredentials.create()
            : TlsChannelCredentials.newBuilder().trustManager(new File(ca)).build();
    return Grpc.newChannelBuilder(setting("LIENTHONG"), credentials)
        .defaultServiceConfig(RETRIES)
        .enableRetry()
        .keepAliveTime(20, TimeUnit.SECONDS)
        .build();
  }

  private String issue(CallCredentials caller, String recipient) {
    var reply =
        within(DocumentRoutingServiceGrpc.newBlockingStub(channel), caller)
            .issueDocument(
                IssueDocumentRequest.newBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .setType("CV")
                    .setNotation("UBND-VP")
                    .setSubject("V/v kết nối bằng Java")
                    .setSigner(
                        Signer.newBuilder()
                            .setCompetence("TM. UBND")
                            .setPosition("Chủ tịch")
                            .setFullName("Nguyễn Văn Mẫu"))
                    .addRecipients(
                        Recipient.newBuilder().setCode(AgencyCode.newBuilder().setCode(recipient)))
                    .build());
    var document = reply.getDocument();
    System.out.println("issued " + document.getNumber() + "/" + document.getNotation());
    return document.getId();
  }

  /**
   * Follows the feed from the stored cursor until the document has come; returns its delivery.
   *
   * <p>The cursor is stored after what an event brought was done. A program that ends in between gets the event again.
   */
  private String followUntil(CallCredentials caller, String documentId, Path file) throws IOException {
    var request =
        FollowRequest.newBuilder()
            .setCursor(Files.exists(file) ? Files.readString(file) : "")
            .setStart(Start.START_OLDEST)
            .addTypes("lienthong.routing.v1.DeliverySent")
            .build();
    // When the stream ends, connect again with the stored cursor.
    var messages = FeedServiceGrpc.newBlockingStub(channel).withCallCredentials(caller).follow(request);
    while (messages.hasNext()) {
      var message = messages.next();
      if (message.hasHeartbeat()) {
        Files.writeString(file, message.getHeartbeat().getCursor());
        continue;
      }
      var event = message.getEvent();
      DeliverySent sent = event.getData().unpack(DeliverySent.class);
      System.out.println("came " + sent.getDocument().getSubject());
      Files.writeString(file, event.getCursor());
      if (sent.getDelivery().getDocumentId().equals(documentId)) return sent.getDelivery().getId();
    }
    throw new IOException("the stream has ended");
  }

  private void report(CallCredentials caller, String deliveryId) {
    within(DocumentRoutingServiceGrpc.newBlockingStub(channel), caller)
        .reportStatus(
            ReportStatusRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setDeliveryId(deliveryId)
                .setStatus(DeliveryStatus.DELIVERY_STATUS_ARRIVED)
                .build());
    System.out.println("reported 01");
  }

  private void lodgeAndComplete(CallCredentials caller, String procedure) {
    var dossiers = CaseworkServiceGrpc.newBlockingStub(channel);
    var lodged =
        within(dossiers, caller)
            .lodgeDossier(
                LodgeDossierRequest.newBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .setProcedureCode(procedure)
                    .setChannel(Channel.CHANNEL_IN_PERSON)
                    .setApplicant(Applicant.newBuilder().setFullName("Nguyễn Thị Mẫu"))
                    .setAccept(true)
                    .build());
    System.out.println("lodged " + lodged.getCode());
    within(dossiers, caller)
        .claimTask(
            ClaimTaskRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setDossierId(lodged.getDossierId())
                .setTaskNumber(1)
                .build());
    var completed =
        within(dossiers, caller)
            .completeTask(
                CompleteTaskRequest.newBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .setDossierId(lodged.getDossierId())
                    .setTaskNumber(1)
                    .addResults(
                        Result.newBuilder().setKey("giay-phep").setName("Giấy phép").setNumber("01/GP"))
                    .build());
    System.out.println("completed, status " + completed.getStanding().getStatusValue());
  }

  /** Shows what a refusal says: a reason for programs, and what is wrong with each field. */
  private void showRefusal(CallCredentials caller) throws InvalidProtocolBufferException {
    try {
      within(DocumentRoutingServiceGrpc.newBlockingStub(channel), caller)
          .issueDocument(
              IssueDocumentRequest.newBuilder()
                  .setRequestId(UUID.randomUUID().toString())
                  .setType("CV")
                  .build());
    } catch (StatusRuntimeException refusal) {
      for (var detail : StatusProto.fromThrowable(refusal).getDetailsList()) {
        if (!detail.is(BadRequest.class)) continue;
        var violations = detail.unpack(BadRequest.class).getFieldViolationsList();
        System.out.println(
            violations.stream()
                .map(BadRequest.FieldViolation::getField)
                .collect(Collectors.joining(", ", "refused ", "")));
        return;
      }
      throw refusal;
    }
    throw new IllegalStateException("a document without a subject was issued");
  }

  /** The caller and a deadline, for one call. */
  private static <S extends AbstractBlockingStub<S>> S within(S stub, CallCredentials caller) {
    return stub.withCallCredentials(caller).withDeadlineAfter(TIMEOUT_S, TimeUnit.SECONDS);
  }

  private static CallCredentials bearer(String token) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return new CallCredentials() {
      @Override
      public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
        applier.apply(headers);
      }
    };
  }

  private static String setting(String name) {
    String value = System.getenv(name);
    if (value == null) throw new IllegalArgumentException(name + " is not set");
    return value;
  }
}
