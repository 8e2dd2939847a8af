package session

import (
	"context"
	"errors"

	"hjemmel/shared/store"
)

// EndAll gives the writes that end every session of a login at the issuer.
func (s *Sessions) EndAll(ctx context.Context, issuer, sid string) (Writes, error) {
	if sid == "" {
		return nil, nil
	}
	prefix := indexOf(issuer, sid)
	index, err := store.All(ctx, s.store, prefix)
	if err != nil {
		return nil, err
	}
	var ops Writes
	for _, r := range index {
		ops = append(ops, store.DeleteIf(r.Key, r.Revision))
		at, err := s.store.Get(ctx, "sesjon/"+r.Key[len(prefix):])
		if errors.Is(err, store.ErrNotFound) {
			continue // ended already
		}
		if err != nil {
			return nil, err
		}
		ops = append(ops, store.DeleteIf(at.Key, at.Revision))
	}
	return ops, nil
}

// Sweep removes the sessions that time has ended, and what leads to sessions that are no more.
func (s *Sessions) Sweep(ctx context.Context) error {
	all, err := store.All(ctx, s.store, "sesjon/")
	if err != nil {
		return err
	}
	living := map[string]bool{}
	for _, r := range all {
		kept, err := store.Value[record](r)
		if err == nil && s.now().Before(kept.Utloeper) {
			living[r.Key[len("sesjon/"):]] = true
			continue
		}
		if err := s.remove(ctx, r); err != nil {
			return err
		}
	}
	index, err := store.All(ctx, s.store, "sesjonsid/")
	if err != nil {
		return err
	}
	for _, r := range index {
		if living[r.Key[len(indexOf("", "")):]] {
			continue
		}
		if _, err := s.store.Get(ctx, "sesjon/"+r.Key[len(indexOf("", "")):]); err == nil {
			continue // made meanwhile
		}
		if err := s.remove(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sessions) remove(ctx context.Context, r store.Record) error {
	err := s.store.Commit(ctx, store.DeleteIf(r.Key, r.Revision))
	if errors.Is(err, store.ErrConflict) {
		return nil // somebody did something meanwhile
	}
	return err
}
