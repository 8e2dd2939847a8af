package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Read gets the record at key as JSON. Where there is none it gives the zero value and the zero
// Revision. A value that cannot be read is a fault of kind Internal.
func Read[T any](ctx context.Context, s Store, key string) (v T, r Revision, err error) {
	record, err := s.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return v, "", nil
	}
	if err != nil {
		return v, "", err
	}
	v, err = Value[T](record)
	return v, record.Revision, err
}

// Value reads a record as JSON. One that cannot be read is a fault of kind Internal.
func Value[T any](r Record) (v T, err error) {
	if err := json.Unmarshal(r.Value, &v); err != nil {
		return v, Broken(fmt.Errorf("store: unreadable record: %T", err)) // the error itself may quote the value
	}
	return v, nil
}

// Write gives the write of v as JSON over the record that Read gave the revision of: the zero
// Revision means that there must still be none.
func Write(key string, v any, r Revision) (Op, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return Op{}, err
	}
	if r == "" {
		return Create(key, b), nil
	}
	return PutIf(key, b, r), nil
}

// All scans everything below prefix, in pages.
func All(ctx context.Context, s Store, prefix string) ([]Record, error) {
	var all []Record
	after := ""
	for {
		page, err := s.Scan(ctx, prefix, after, MaxScan)
		if err != nil {
			return nil, err
		}
		if all = append(all, page...); len(page) < MaxScan {
			return all, nil
		}
		after = page[len(page)-1].Key
	}
}
