package audit

import (
	"net/http"
	"net/url"
	"strconv"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/fault"
	"hjemmel/shared/host"
)

type handler struct{ work }

var errReceipt = fault.New(fault.Invalid, "KVITTERING_UGYLDIG", "Dette er ikke en kvittering. Bruk verdien av hodet Hjemmel-Kvittering som den står.")

// How long others may keep what they have read.
const (
	forGood = "public, max-age=31536000, immutable"
	briefly = "public, max-age=2"
)

func send(w http.ResponseWriter, media, keep string, b []byte) error {
	w.Header().Set("Cache-Control", keep)
	w.Header().Set("Content-Type", media)
	_, err := w.Write(b) //nolint:gosec // a file of the log, under its own media type and nosniff
	return err
}

func (h handler) checkpoint(w http.ResponseWriter, r *http.Request) error {
	b, err := h.sealer.Checkpoint(r.Context())
	if err != nil {
		return err
	}
	return send(w, "text/plain; charset=utf-8", briefly, b)
}

func (h handler) file(w http.ResponseWriter, r *http.Request) error {
	b, err := h.sealer.File(r.Context(), "tile/"+r.PathValue("sti"))
	if err != nil {
		return err
	}
	return send(w, "application/octet-stream", forGood, b)
}

func (h handler) key(w http.ResponseWriter, _ *http.Request) error {
	return send(w, "text/plain; charset=utf-8", briefly, []byte(h.sealer.Signer.Key+"\n"))
}

func (h handler) prove(w http.ResponseWriter, r *http.Request) error {
	receipt, err := audit.ParseReceipt(r.PathValue("kvittering"))
	if err != nil {
		return errReceipt
	}
	p, err := h.sealer.Prove(r.Context(), receipt)
	if err != nil {
		return err
	}
	return answer(w, p)
}

func (h handler) growth(w http.ResponseWriter, r *http.Request) error {
	from, to, err := sizes(r.URL.Query())
	if err != nil {
		return err
	}
	c, err := h.sealer.ProveGrowth(r.Context(), from, to)
	if err != nil {
		return err
	}
	return answer(w, c)
}

// sizes reads fra and til; without til it is the newest, -1.
func sizes(q url.Values) (from, to int64, err error) {
	from, err = strconv.ParseInt(q.Get("fra"), 10, 64)
	if to = -1; err == nil && q.Has("til") {
		to, err = strconv.ParseInt(q.Get("til"), 10, 64)
		if to < 0 {
			return 0, 0, seal.ErrSizes
		}
	}
	known := len(q["fra"]) + len(q["til"])
	if err != nil || from < 0 || len(q["fra"]) != 1 || known > 2 || len(q) != known {
		return 0, 0, seal.ErrSizes
	}
	return from, to, nil
}

func (h handler) status(w http.ResponseWriter, r *http.Request) error {
	st, err := h.sealer.Status(r.Context())
	if err != nil {
		return err
	}
	return answer(w, st)
}

func (h handler) seal(w http.ResponseWriter, r *http.Request) error {
	done, err := h.work.seal(r.Context())
	if err != nil {
		return err
	}
	return answer(w, map[string]int{"forseglet": done.Forseglet, "hull": len(done.Hull)})
}

func answer(w http.ResponseWriter, v any) error {
	reply, err := host.ReplyJSON(http.StatusOK, "", v)
	if err != nil {
		return err
	}
	return reply.Write(w)
}
