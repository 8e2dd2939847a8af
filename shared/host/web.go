package host

import (
	"errors"

	"hjemmel/shared/identity/login"
	"hjemmel/shared/identity/session"
)

// Where browsers come back to from the issuer of logins.
const (
	LoginPath = "/innlogging/retur"
	LeftPath  = "/"
)

// Sessions are the logins of the web page. They are read past any memory of the state, so that one that is
// ended is ended everywhere.
func (e *Env) Sessions() (*session.Sessions, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, err := e.openState()
	if err != nil {
		return nil, err
	}
	key, err := e.personKey()
	if err != nil {
		return nil, err
	}
	return session.New(s, key, e.Now)
}

// Login logs people in at ID-porten, as the first of our clients there.
func (e *Env) Login() (*login.Provider, error) {
	c := e.Config
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.need("HJEMMEL_IDPORTEN_KEY", len(c.IdportenKey) > 0); err != nil {
		return nil, err
	}
	key, err := c.IdportenKey.RSAKey()
	if err != nil {
		return nil, errors.New("setting HJEMMEL_IDPORTEN_KEY: the web function needs an RSA key")
	}
	if len(c.IdportenClients) == 0 {
		return nil, errors.New("setting HJEMMEL_IDPORTEN_CLIENTS: the web function needs a client")
	}
	return login.New(login.Config{
		Issuer: c.IdportenIssuer, ClientID: c.IdportenClients[0], Key: key, KeyID: c.IdportenKeyID,
		Redirect: c.WebURL + LoginPath, Left: c.WebURL + LeftPath, Now: e.Now,
	})
}
