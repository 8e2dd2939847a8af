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

// Tells names the kinds of work that what is open tells of, sorted: those whose topics its account may publish to.
func (e *Env) Tells() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Sorted(maps.Keys(e.tells))
}

// Platform is who may call as the platform itself: the audience that they must name, and their accounts; none
// without settings. Whom the platform calls leaves the clock to it where there is a queue.
func (e *Env) Platform() (audience string, callers []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, setting := range []string{"HJEMMEL_PLATFORM_AUDIENCE", "HJEMMEL_PLATFORM_CALLERS", "HJEMMEL_QUEUE"} {
		e.needs[setting] = true // without them nobody is let in, which is no error
	}
	return e.Config.PlatformAudience, e.Config.PlatformCallers
}

// need notes that what is being opened belongs to a setting, and refuses where it must be given and is not.
func (e *Env) need(setting string, given bool) error {
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
