package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"filippo.io/torchwood"
	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// useWitness has a witness cosign a log that grows, and shows it another history of the same log, which it must refuse.
func (q question) useWitness() error {
	signer, err := note.NewSigner(q.SignerKey)
	if err != nil {
		return err
	}
	honest, err := storedHashes(func(n int64) string { return fmt.Sprintf("entry %d", n) })
	if err != nil {
		return err
	}
	forked, err := storedHashes(func(n int64) string { return fmt.Sprintf("entry %d of %t", n, n >= 100) })
	if err != nil {
		return err
	}
	for _, step := range []struct {
		log       tlog.HashReaderFunc
		old, size int64
		status    int
	}{
		{honest, 0, 300, http.StatusOK},
		{honest, 300, 700, http.StatusOK},
		{honest, 300, 700, http.StatusConflict},
		{forked, 700, 700, http.StatusConflict},
		{forked, 700, 800, http.StatusUnprocessableEntity},
		{honest, 700, 800, http.StatusOK},
	} {
		if err := q.addCheckpoint(signer, step.log, step.old, step.size, step.status); err != nil {
			return fmt.Errorf("from %d to %d: %w", step.old, step.size, err)
		}
	}
	return nil
}

const mostLeaves = 800

func storedHashes(entry func(int64) string) (tlog.HashReaderFunc, error) {
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := []tlog.Hash{}
		for _, index := range indexes {
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	for n := int64(0); n < mostLeaves; n++ {
		hashes, err := tlog.StoredHashes(n, []byte(entry(n)), read)
		if err != nil {
			return nil, err
		}
		stored = append(stored, hashes...)
	}
	return read, nil
}

// addCheckpoint expects a status of the witness and, of a good one, a cosignature that verifies.
func (q question) addCheckpoint(signer note.Signer, log tlog.HashReaderFunc, old, size int64, status int) error {
	root, err := tlog.TreeHash(size, log)
	if err != nil {
		return err
	}
	checkpoint := torchwood.Checkpoint{Origin: signer.Name(), Tree: tlog.Tree{N: size, Hash: root}}
	signed, err := note.Sign(&note.Note{Text: checkpoint.String()}, signer)
	if err != nil {
		return err
	}
	body := fmt.Sprintf("old %d\n", old)
	if old > 0 {
		proof, err := tlog.ProveTree(size, old, log)
		if err != nil {
			return err
		}
		for _, hash := range proof {
			body += hash.String() + "\n"
		}
	}
	response, err := http.Post(q.Prefix+"/add-checkpoint", "text/plain", bytes.NewBufferString(body+"\n"+string(signed)))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != status {
		return fmt.Errorf("status %d and not %d: %s", response.StatusCode, status, lines)
	}
	if status != http.StatusOK {
		return nil
	}
	witness, err := f_note.NewVerifierForCosignatureV1(q.WitnessKey)
	if err != nil {
		return err
	}
	_, err = note.Open(append(signed, lines...), note.VerifierList(witness))
	return err
}
