package listrender

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"

	"github.com/google/uuid"
	"gocloud.dev/blob"

	"hjemmel/functions/listrender/workbook"
	"hjemmel/shared/audit"
	"hjemmel/shared/disclosure"
	"hjemmel/shared/lists"
	"hjemmel/shared/lists/template"
)

// Laget is the action of a list whose file is made.
const Laget = "innbyggerliste-laget"

// rows are what a piece's answers become. Persons who are unknown have no row.
func (j *job) rows(answers []disclosure.Answer) ([][]string, error) {
	t, err := template.New(j.liste.Mal, j.liste.Kolonner)
	if err != nil {
		return nil, err
	}
	rows := [][]string{}
	for _, a := range answers {
		if a.Feil != nil {
			continue
		}
		row, err := t.Row(a.JSON)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// write makes the file of all the pieces' rows, and ends the list. A file that was begun before under another
// name is nobody's, and is removed when the list is cleaned up after.
func (j *job) write(ctx context.Context) error {
	if missed, err := j.missed(ctx); missed || err != nil {
		return err
	}
	t, err := template.New(j.liste.Mal, j.liste.Kolonner)
	if err != nil {
		return err
	}
	if j.liste.Grunnlag != nil {
		j.present, j.liste.Rader = nil, 0
		if err := j.each(ctx, t, func([]string) error { j.liste.Rader++; return nil }); err != nil {
			return err
		}
	}
	rows := j.liste.Rader
	receipt, err := j.log.Append(ctx, j.entry(&rows))
	if err != nil {
		return err
	}
	at := prefix(j.liste.FiksOrgID, j.liste.ID) + uuid.NewString()
	fil, err := j.pour(ctx, at, t, receipt.String())
	if err != nil {
		return err
	}
	j.liste.Fil = fil
	return j.save(ctx, lists.Ferdig)
}

// prefix is where the files of a list lie.
func prefix(fiksOrgID, id string) string { return fiksOrgID + "/" + id + "/" }

func (j *job) entry(rows *int) audit.Entry {
	return audit.Entry{
		FiksOrgID: j.liste.FiksOrgID, Aktor: j.liste.OpprettetAv, Rolle: j.liste.RolleID, Handling: Laget, Utfall: audit.Utfoert,
		Gjelder: j.liste.ID, Treff: rows, RequestID: j.order.RequestID,
	}
}

// pour writes the rows straight into the blob. Of one that cannot be filled nothing is left.
func (j *job) pour(ctx context.Context, at string, t template.Template, receipt string) (lists.Fil, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	format := workbook.XLSX
	if j.liste.Filformat == string(workbook.CSV) {
		format = workbook.CSV
	}
	to, err := j.files.NewWriter(ctx, at, &blob.WriterOptions{ContentType: "application/octet-stream", IfNotExist: true})
	if err != nil {
		return lists.Fil{}, err
	}
	counted := &counter{to: to, sum: sha256.New()}
	manifest, err := j.fill(ctx, counted, format, t, receipt)
	if err != nil {
		cancel() // closing does not write it then
		_ = to.Close()
		return lists.Fil{}, err
	}
	return lists.Fil{Noekkel: at, Bytes: counted.n, SHA256: hex.EncodeToString(counted.sum.Sum(nil)), Manifest: manifest}, to.Close()
}

func (j *job) fill(ctx context.Context, to io.Writer, format workbook.Format, t template.Template, receipt string) (manifest string, err error) {
	w, err := workbook.New(to, format, workbook.List{Columns: j.columns(t), MachineNames: j.liste.Maskinnavn, Salt: j.liste.Salt})
	if err != nil {
		return "", err
	}
	if err := j.each(ctx, t, w.Row); err != nil {
		return "", err
	}
	cover, err := j.cover(ctx, receipt)
	if err != nil {
		return "", err
	}
	manifest = w.Summary().Manifest.String()
	return manifest, w.Close(cover)
}

// cover is what the file says of itself.
func (j *job) cover(ctx context.Context, receipt string) (workbook.Cover, error) {
	org, _, err := j.roles.Organisation(ctx, j.liste.FiksOrgID)
	if err != nil {
		return workbook.Cover{}, err
	}
	role, _, err := j.roles.Current(ctx, j.liste.RolleID)
	if err != nil {
		return workbook.Cover{}, err
	}
	title := j.liste.Beskrivelse
	if title == "" {
		title = "Innbyggerliste"
	}
	mal := j.liste.Mal
	if j.liste.Malnavn != "" {
		mal = j.liste.Malnavn + " (" + mal + ")"
	}
	return workbook.Cover{
		Title: title, Organisation: org.Navn, Criteria: strings.Split(j.liste.Kriterier, "\n"), Template: mal, Rolle: role.Navn, Hjemler: role.Hjemler,
		Formaal: j.liste.Formaal, OrderedBy: j.liste.OpprettetAv, Ordered: j.liste.Opprettet, Finished: j.now(), ExpiresAt: j.liste.Utloepsdato, Receipt: receipt,
	}, nil
}

// sweepFiles removes the files of a list but the one that is its own.
func (r *renderer) sweepFiles(ctx context.Context, fiksOrgID, id, own string) error {
	found := r.files.List(&blob.ListOptions{Prefix: prefix(fiksOrgID, id)})
	for {
		o, err := found.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if o.Key != own {
			if err := r.files.Delete(ctx, o.Key); err != nil {
				return err
			}
		}
	}
}

// counter counts and sums what is written.
type counter struct {
	to  io.Writer
	sum hash.Hash
	n   int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	_, _ = c.sum.Write(b[:n]) // a hash takes everything
	c.n += int64(n)
	return n, err
}
