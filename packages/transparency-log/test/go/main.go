// Verifies what this package makes with implementations that share nothing with it: golang.org/x/mod/sumdb (tlog, note),
// transparency-dev/formats and filippo.io/torchwood. Reads questions as JSON, writes a verdict for each; "" is good.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"filippo.io/torchwood"
	f_note "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Kind                       string
	Proof                      []tlog.Hash
	Index, Size, First, Second int64
	Leaf, Root                 tlog.Hash
	FirstRoot, SecondRoot      tlog.Hash
	Note, LogKey, WitnessKey   string
	SignerKey                  string
	Seconds                    int64
	Entry                      []byte
	ProofFile                  string
	Prefix                     string
	Name                       string
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	verdicts := []string{}
	for _, q := range questions {
		verdict, err := q.answer()
		if err != nil {
			verdict = "refused: " + err.Error()
		}
		verdicts = append(verdicts, verdict)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		log.Fatal(err)
	}
}

func (q question) answer() (string, error) {
	switch q.Kind {
	case "inclusion":
		return "", tlog.CheckRecord(q.Proof, q.Size, q.Root, q.Index, q.Leaf)
	case "consistency":
		return "", tlog.CheckTree(q.Proof, q.Second, q.SecondRoot, q.First, q.FirstRoot)
	case "checkpoint":
		_, err := q.open(q.Note)
		return "", err
	case "proof":
		return "", q.checkProofFile()
	case "tiles":
		return "", q.checkTiles()
	case "signed here":
		return q.sign()
	case "witness":
		return "", q.useWitness()
	}
	return "", fmt.Errorf("unknown kind %q", q.Kind)
}

// open believes the log's signature and, where a witness is given, its cosignature with its time.
func (q question) open(signed string) (torchwood.Checkpoint, error) {
	var none torchwood.Checkpoint
	logKey, err := note.NewVerifier(q.LogKey)
	if err != nil {
		return none, err
	}
	n, err := note.Open([]byte(signed), note.VerifierList(logKey))
	if err != nil {
		return none, err
	}
	if q.WitnessKey != "" {
		witness, err := f_note.NewVerifierForCosignatureV1(q.WitnessKey)
		if err != nil {
			return none, err
		}
		cosigned, err := note.Open([]byte(signed), note.VerifierList(witness))
		if err != nil {
			return none, err
		}
		at, err := f_note.CoSigV1Timestamp(cosigned.Sigs[0])
		if err != nil {
			return none, err
		}
		if at.Unix() != q.Seconds {
			return none, fmt.Errorf("cosigned at %d, not %d", at.Unix(), q.Seconds)
		}
	}
	checkpoint, err := torchwood.ParseCheckpoint(n.Text)
	if err == nil && checkpoint.Origin != logKey.Name() {
		err = fmt.Errorf("the origin is %s", checkpoint.Origin)
	}
	return checkpoint, err
}

func (q question) checkProofFile() error {
	var p proof.TLogProof
	if err := p.Unmarshal([]byte(q.ProofFile)); err != nil {
		return err
	}
	checkpoint, err := q.open(string(p.Checkpoint))
	if err != nil {
		return err
	}
	hashes := tlog.RecordProof{}
	for _, hash := range p.Hashes {
		hashes = append(hashes, tlog.Hash(hash))
	}
	if again := p.Marshal(); !bytes.Equal(again, []byte(q.ProofFile)) {
		return fmt.Errorf("written again it is %q", again)
	}
	return tlog.CheckRecord(hashes, checkpoint.N, checkpoint.Hash, int64(p.Index), tlog.RecordHash(q.Entry))
}

// checkTiles reads every entry of a log by HTTP and checks each against the checkpoint.
func (q question) checkTiles() error {
	fetcher, err := torchwood.NewTileFetcher(q.Prefix)
	if err != nil {
		return err
	}
	ctx := context.Background()
	signed, err := fetcher.ReadEndpoint(ctx, "checkpoint")
	if err != nil {
		return err
	}
	checkpoint, err := q.open(string(signed))
	if err != nil {
		return err
	}
	client, err := torchwood.NewClient(fetcher)
	if err != nil {
		return err
	}
	tree := checkpoint.Tree
	sum := sha256.New()
	// The client leaves the last, partial bundle to a second call.
	for count := int64(0); count < tree.N; {
		before := count
		for index, entry := range client.Entries(ctx, tree, count) {
			if index != count {
				return fmt.Errorf("entry %d comes after %d", index, count)
			}
			sum.Write(entry)
			count++
		}
		if err := client.Err(); err != nil {
			return err
		}
		if count == before {
			return fmt.Errorf("no entry comes after %d", count)
		}
	}
	if got := sum.Sum(nil); !bytes.Equal(got, q.Entry) {
		return fmt.Errorf("the entries differ")
	}
	return nil
}

// sign returns a verifier key and a note that it signed.
func (q question) sign() (string, error) {
	secret, public, err := note.GenerateKey(nil, q.Name)
	if err != nil {
		return "", err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: q.Note}, signer)
	return public + "\n" + string(signed), err
}
