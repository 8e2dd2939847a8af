package identity

import (
	"context"
	"strings"

	"hjemmel/shared/store"
)

// Registered is an integration as it stands in the store, for those who may change it.
type Registered struct {
	Integration
	// Revision guards the record.
	Revision store.Revision
	index    store.Revision
}

// maxRegistered bounds the integrations of one organisation.
const maxRegistered = 1000

func organisationIndex(fiksOrgID string) string { return "integrasjonindeks/" + fiksOrgID + "/" }

// Index is the write that lets [Integrations.Of] find the integration by its organisation. It goes
// with [Integration.Put].
func (i Integration) Index() store.Op {
	return store.Put(organisationIndex(i.FiksOrgID)+i.ID, nil)
}

// Create gives the writes of an integration that is not there yet. It errs as Put does.
func (i Integration) Create() ([]store.Op, error) {
	op, err := i.Put()
	if err != nil {
		return nil, err
	}
	return []store.Op{store.Create(op.Key, op.Value), i.Index()}, nil
}

// Replace gives the writes of i in place of what was read. It errs as Put does.
func (r Registered) Replace(i Integration) ([]store.Op, error) {
	op, err := i.Put()
	if err != nil {
		return nil, err
	}
	return []store.Op{store.PutIf(op.Key, op.Value, r.Revision)}, nil
}

// Remove gives the writes after which the integration is nobody. When it was last used goes with it.
func (r Registered) Remove() []store.Op {
	ops := []store.Op{store.DeleteIf(integrationKey(r.ID), r.Revision)}
	if r.index != "" {
		ops = append(ops, store.DeleteIf(organisationIndex(r.FiksOrgID)+r.ID, r.index))
	}
	return ops
}

// Registered gives the organisation's integration with the id as it is now, past any memory; ok is
// false where there is none, also for the integrations of others.
func (s *Integrations) Registered(ctx context.Context, fiksOrgID, id string) (r Registered, ok bool, err error) {
	if id = strings.ToLower(id); !isUUID(id) || !isUUID(fiksOrgID) {
		return r, false, nil
	}
	key, index := integrationKey(id), organisationIndex(fiksOrgID)+id
	found, err := s.store.GetMany(ctx, []string{key, index})
	record, ok := found[key]
	if err != nil || !ok {
		return r, false, err
	}
	i, err := readIntegration(record, id)
	if err != nil || i.FiksOrgID != fiksOrgID {
		return r, false, err
	}
	return Registered{i, record.Revision, found[index].Revision}, true, nil
}

// Of lists an organisation's integrations as they are now, by id; at most 1000.
func (s *Integrations) Of(ctx context.Context, fiksOrgID string) ([]Registered, error) {
	if !isUUID(fiksOrgID) {
		return nil, nil
	}
	index, err := s.store.Scan(ctx, organisationIndex(fiksOrgID), "", maxRegistered)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(index))
	for i, r := range index {
		keys[i] = integrationKey(idOf(r.Key))
	}
	found, err := s.store.GetMany(ctx, keys)
	if err != nil {
		return nil, err
	}
	var all []Registered
	for i, key := range keys {
		record, ok := found[key]
		if !ok {
			continue // removed meanwhile
		}
		in, err := readIntegration(record, idOf(key))
		if err != nil {
			return nil, err
		}
		if in.FiksOrgID == fiksOrgID {
			all = append(all, Registered{in, record.Revision, index[i].Revision})
		}
	}
	return all, nil
}

func idOf(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }
