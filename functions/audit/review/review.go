// Package review is where an organisation's privacy officer and auditor go through what looks like misuse in its log, and where
// they decide by which lines it is found.
//
// It refuses everybody else, whoever a finding is about, and a closing by one person alone. It shows findings in the order
// of time, and refuses every other order: nobody is ranked.
package review

import (
	"context"
	"errors"

	"hjemmel/shared/audit"
	"hjemmel/shared/audit/seal"
	"hjemmel/shared/audit/watch"
	"hjemmel/shared/host"
	"hjemmel/shared/roles"
)

// Watcher looks at the entries that a sealer has sealed.
func Watcher(e *host.Env, s *seal.Sealer) (*watch.Watcher, error) {
	book, err1 := e.Roles()
	keys, err2 := audit.NewKeys(e.Config.AuditSecret)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	employee := func(ctx context.Context, fiksOrgID, aktor string) (bool, error) {
		sort, _, ok, err := book.Aktor(ctx, fiksOrgID, aktor)
		return ok && sort != roles.IntegrasjonType, err
	}
	return &watch.Watcher{State: s.State, Keys: keys, Employee: employee, Colleague: book.Colleague}, nil
}
