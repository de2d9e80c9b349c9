// Issues a document, follows the feed, reports a status, lodges a dossier and completes its task.
//
// Settings: LIENTHONG (host:port), TOKEN_SENDER and TOKEN_RECIPIENT (tokens of two agencies), RECIPIENT (the code of the
// second one), PROCEDURE (the code of a procedure that it takes in; without it no dossier is lodged), CURSOR_FILE, and
// LIENTHONG_CA (PEM; without it the program speaks plain text).
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	casework "example.org/lienthong/gen/lienthong/casework/v1"
	common "example.org/lienthong/gen/lienthong/common/v1"
	feed "example.org/lienthong/gen/lienthong/feed/v1"
	registry "example.org/lienthong/gen/lienthong/registry/v1"
	routing "example.org/lienthong/gen/lienthong/routing/v1"
	"github.com/google/uuid"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const timeout = 30 * time.Second

// Transient failures are retried by gRPC itself: every change carries a request_id, so it is done once.
const retries = `{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 4, "initialBackoff": "0.2s",
  "maxBackoff": "3s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}]}`

func main() {
	connection, err := connect()
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	if err := run(connection); err != nil {
		log.Fatal(err)
	}
}

func run(connection *grpc.ClientConn) error {
	sender, recipient := as(os.Getenv("TOKEN_SENDER")), as(os.Getenv("TOKEN_RECIPIENT"))
	documents := routing.NewDocumentRoutingServiceClient(connection)
	documentID, err := issue(sender, documents, os.Getenv("RECIPIENT"))
	if err != nil {
		return err
	}
	deliveryID, err := followUntil(recipient, feed.NewFeedServiceClient(connection), documentID, cursorFile())
	if err != nil {
		return err
	}
	if err := report(recipient, documents, deliveryID); err != nil {
		return err
	}
	if procedure := os.Getenv("PROCEDURE"); procedure != "" {
		if err := lodgeAndComplete(recipient, casework.NewCaseworkServiceClient(connection), procedure); err != nil {
			return err
		}
	}
	return refused(sender, documents)
}

func connect() (*grpc.ClientConn, error) {
	transport := insecure.NewCredentials()
	if ca := os.Getenv("LIENTHONG_CA"); ca != "" {
		var err error
		if transport, err = credentials.NewClientTLSFromFile(ca, ""); err != nil {
			return nil, err
		}
	}
	return grpc.NewClient(os.Getenv("LIENTHONG"), grpc.WithTransportCredentials(transport),
		grpc.WithDefaultServiceConfig(retries))
}

func as(token string) context.Context {
	return metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)
}

func cursorFile() string {
	if file := os.Getenv("CURSOR_FILE"); file != "" {
		return file
	}
	return "cursor"
}

func issue(ctx context.Context, documents routing.DocumentRoutingServiceClient, code string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	reply, err := documents.IssueDocument(ctx, &routing.IssueDocumentRequest{
		RequestId: uuid.NewString(),
		Type:      "CV",
		Notation:  "UBND-VP",
		Subject:   "V/v kết nối bằng Go",
		Signer:    &routing.Signer{Competence: "TM. UBND", Position: "Chủ tịch", FullName: "Nguyễn Văn Mẫu"},
		Recipients: []*routing.Recipient{
			{Recipient: &routing.Recipient_Code{Code: &common.AgencyCode{Code: code}}},
		},
	})
	if err != nil {
		return "", err
	}
	document := reply.GetDocument()
	fmt.Printf("issued %s/%s\n", document.GetNumber(), document.GetNotation())
	return document.GetId(), nil
}

// followUntil follows the feed from the stored cursor until the document has come; it returns its delivery.
//
// The cursor is stored after what an event brought was done. A program that ends in between gets the event again.
func followUntil(ctx context.Context, events feed.FeedServiceClient, documentID, file string) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cursor, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	stream, err := events.Follow(ctx, &feed.FollowRequest{
		Cursor: string(cursor),
		Start:  feed.Start_START_OLDEST,
		Types:  []string{"lienthong.routing.v1.DeliverySent"},
	})
	if err != nil {
		return "", err
	}
	for {
		// When the stream ends, connect again with the stored cursor.
		message, err := stream.Recv()
		if err != nil {
			return "", err
		}
		if beat := message.GetHeartbeat(); beat != nil {
			if err := os.WriteFile(file, []byte(beat.GetCursor()), 0o600); err != nil {
				return "", err
			}
			continue
		}
		event := message.GetEvent()
		sent := &routing.DeliverySent{}
		if err := event.GetData().UnmarshalTo(sent); err != nil {
			return "", err
		}
		fmt.Printf("came %s\n", sent.GetDocument().GetSubject())
		if err := os.WriteFile(file, []byte(event.GetCursor()), 0o600); err != nil {
			return "", err
		}
		if sent.GetDelivery().GetDocumentId() == documentID {
			return sent.GetDelivery().GetId(), nil
		}
	}
}

func report(ctx context.Context, documents routing.DocumentRoutingServiceClient, deliveryID string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := documents.ReportStatus(ctx, &routing.ReportStatusRequest{
		RequestId:  uuid.NewString(),
		DeliveryId: deliveryID,
		Status:     routing.DeliveryStatus_DELIVERY_STATUS_ARRIVED,
	})
	if err == nil {
		fmt.Println("reported 01")
	}
	return err
}

func lodgeAndComplete(ctx context.Context, dossiers casework.CaseworkServiceClient, procedure string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	lodged, err := dossiers.LodgeDossier(ctx, &casework.LodgeDossierRequest{
		RequestId:     uuid.NewString(),
		ProcedureCode: procedure,
		Channel:       registry.Channel_CHANNEL_IN_PERSON,
		Applicant:     &casework.Applicant{FullName: "Nguyễn Thị Mẫu"},
		Accept:        true,
	})
	if err != nil {
		return err
	}
	fmt.Printf("lodged %s\n", lodged.GetCode())
	if _, err := dossiers.ClaimTask(ctx, &casework.ClaimTaskRequest{
		RequestId: uuid.NewString(), DossierId: lodged.GetDossierId(), TaskNumber: 1,
	}); err != nil {
		return err
	}
	completed, err := dossiers.CompleteTask(ctx, &casework.CompleteTaskRequest{
		RequestId: uuid.NewString(), DossierId: lodged.GetDossierId(), TaskNumber: 1,
		Results: []*casework.Result{{Key: "giay-phep", Name: "Giấy phép", Number: "01/GP"}},
	})
	if err == nil {
		fmt.Printf("completed, status %d\n", completed.GetStanding().GetStatus())
	}
	return err
}

// refused shows what a refusal says: a reason for programs, and what is wrong with each field.
func refused(ctx context.Context, documents routing.DocumentRoutingServiceClient) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := documents.IssueDocument(ctx, &routing.IssueDocumentRequest{RequestId: uuid.NewString(), Type: "CV"})
	for _, detail := range status.Convert(err).Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			fields := make([]string, 0, len(bad.GetFieldViolations()))
			for _, violation := range bad.GetFieldViolations() {
				fields = append(fields, violation.GetField())
			}
			fmt.Println("refused " + strings.Join(fields, ", "))
			return nil
		}
	}
	return fmt.Errorf("not refused by its fields: %w", err)
}
