package host

import (
	"fmt"
	"maps"
	"slices"

	"hjemmel/shared/host/setting"
)

// Needs names the settings of what has been opened so far, sorted: HJEMMEL_STATE where the state is. Of a
// function that has given its routes they are what its account must have rights to, and no more.
func (e *Env) Needs() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Sorted(maps.Keys(e.needs))
}

// need notes that what is being opened belongs to a setting, and refuses where it must be given and is not.
func (e *Env) need(setting string, given bool) error {
	if e.needs == nil {
		e.needs = map[string]bool{}
	}
	e.needs[setting] = true
	if !given {
		return fmt.Errorf("required setting %s is missing", setting)
	}
	return nil
}

// PersonKey is the key of the index from employee numbers and of references to persons.
func (e *Env) PersonKey() (setting.Secret, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.personKey()
}

func (e *Env) personKey() (setting.Secret, error) {
	return e.Config.PersonKey, e.need("HJEMMEL_PERSON_KEY", len(e.Config.PersonKey) > 0)
}

// PasswordKey is the key of the kept integration passwords.
func (e *Env) PasswordKey() (setting.Secret, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.passwordKey()
}

func (e *Env) passwordKey() (setting.Secret, error) {
	return e.Config.PasswordKey, e.need("HJEMMEL_PASSWORD_KEY", len(e.Config.PasswordKey) > 0)
}
