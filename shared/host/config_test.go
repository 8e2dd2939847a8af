package host

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// settings are a minimal right environment.
func settings() map[string]string {
	secret := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), 32))
	key := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("hemmelig")}))
	return map[string]string{
		"HJEMMEL_AUDIT_SECRET": secret, "HJEMMEL_PASSWORD_KEY": secret, "HJEMMEL_PERSON_KEY": secret, "HJEMMEL_ORGNR": "310500003",
		"HJEMMEL_MASKINPORTEN_CLIENT": "hjemmel", "HJEMMEL_MASKINPORTEN_KEY": key, "HJEMMEL_MASKINPORTEN_KEY_ID": "k1",
	}
}

func TestSettingsAreReadAndRefusedByName(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   map[string]string
		unset string
		err   string
	}{
		{"right", nil, "", ""},
		{"misspelt", map[string]string{"HJEMMEL_AUDIT_SEKRET": "x"}, "", "HJEMMEL_AUDIT_SEKRET"},
		{"not base64", map[string]string{"HJEMMEL_PASSWORD_KEY": "*** hemmelig ***"}, "", "HJEMMEL_PASSWORD_KEY"},
		{"short", map[string]string{"HJEMMEL_PERSON_KEY": "a29ydA=="}, "", "HJEMMEL_PERSON_KEY"},
		{"a short key of the log", map[string]string{"HJEMMEL_LOGG_KEY": "a29ydA=="}, "", "HJEMMEL_LOGG_KEY"},
		{"an audience without callers", map[string]string{"HJEMMEL_PLATFORM_AUDIENCE": "https://a.example"}, "", "HJEMMEL_PLATFORM_CALLERS"},
		{"callers without an audience", map[string]string{"HJEMMEL_PLATFORM_CALLERS": "a@b.example"}, "", "HJEMMEL_PLATFORM_AUDIENCE"},
		{"no key", map[string]string{"HJEMMEL_MASKINPORTEN_KEY": "hemmelig"}, "", "HJEMMEL_MASKINPORTEN_KEY"},
		{"no such file", map[string]string{"HJEMMEL_MASKINPORTEN_KEY": "@/finnes/ikke"}, "", "HJEMMEL_MASKINPORTEN_KEY"},
		{"unknown environment", map[string]string{"HJEMMEL_MILJO": "produksjon"}, "", "HJEMMEL_MILJO"},
		{"bad duration", map[string]string{"HJEMMEL_DRAIN": "ti sekunder"}, "", "HJEMMEL_DRAIN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for k, v := range settings() {
				t.Setenv(k, v)
			}
			for k, v := range c.set {
				t.Setenv(k, v)
			}
			if c.unset != "" {
				if err := os.Unsetenv(c.unset); err != nil {
					t.Fatal(err)
				}
			}
			_, err := ReadConfig()
			if (err == nil) != (c.err == "") {
				t.Fatalf("%v", err)
			}
			if err != nil && (!strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "hemmelig") || strings.Contains(err.Error(), "ti sekunder")) {
				t.Errorf("the error should be one line that names %s and nothing it holds: %v", c.err, err)
			}
		})
	}
}

// What is missing is refused by those who open what it belongs to, by name, and by nobody else.
func TestMissingSettingsAreRefusedWhereTheyAreNeeded(t *testing.T) {
	parts := map[string]func(*Env) error{
		"desk":     func(e *Env) error { _, err := e.Desk(); return err },
		"verifier": func(e *Env) error { _, err := e.Verifier(); return err },
		"lists":    func(e *Env) error { _, err := e.Lists(); return err },
		"files":    func(e *Env) error { _, err := e.Files(); return err },
		"sealer":   func(e *Env) error { _, err := e.Sealer(); return err },
	}
	key := testKey(t)
	everyPart := []string{"desk", "verifier", "lists", "files", "sealer"}
	for missing, refused := range map[string][]string{
		"HJEMMEL_STATE": {"desk", "verifier", "lists", "sealer"}, "HJEMMEL_AUDIT_SECRET": {"desk"}, "HJEMMEL_PERSON_KEY": {"desk", "lists"},
		"HJEMMEL_PASSWORD_KEY": {"verifier"}, "HJEMMEL_LISTS": {"files"}, "HJEMMEL_LOGG": {"sealer"}, "HJEMMEL_LOGG_KEY": {"sealer"},
		"HJEMMEL_FREG_URL": {"desk"}, "HJEMMEL_ORGNR": {"desk"}, "HJEMMEL_MASKINPORTEN_CLIENT": {"desk"}, "HJEMMEL_MASKINPORTEN_KEY": {"desk"},
		"HJEMMEL_MASKINPORTEN_KEY_ID": {"desk"},
	} {
		for _, part := range everyPart {
			for k, v := range settings() {
				t.Setenv(k, v)
			}
			t.Setenv("HJEMMEL_LOGG_KEY", settings()["HJEMMEL_PERSON_KEY"])
			t.Setenv("HJEMMEL_MASKINPORTEN_KEY", key)
			folder := t.TempDir()
			t.Setenv("HJEMMEL_STATE", "sqlite://"+folder+"/state.db")
			t.Setenv("HJEMMEL_LISTS", "file://"+folder+"/lister")
			t.Setenv("HJEMMEL_LOGG", "file://"+folder+"/logg")
			t.Setenv("HJEMMEL_FREG_URL", "https://freg.example")
			t.Setenv(missing, "")
			if missing == "HJEMMEL_MASKINPORTEN_KEY" {
				_ = os.Unsetenv(missing) // given and empty is refused at once
			}
			c, err := ReadConfig()
			if err != nil {
				t.Fatal(err)
			}
			e := NewEnv(c)
			err = parts[part](e)
			if want := slices.Contains(refused, part); (err != nil) != want || want && (!strings.Contains(err.Error(), missing) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%s without %s: %v", part, missing, err)
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	for k, v := range settings() {
		t.Setenv(k, v)
	}
	c, err := ReadConfig()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
		fmt.Fprintf(&b, verb, c)
		fmt.Fprintf(&b, verb, c.AuditSecret)
	}
	slog.New(slog.NewJSONHandler(&b, nil)).Info("config", "secret", c.AuditSecret.String())
	for _, secret := range []string{"kkkk", "6b6b", "107, 107", "107 107", "hemmelig", "a2tra2"} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("%s is printed: %s", secret, b.String())
		}
	}
}

func TestKeysComeFromFilesToo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, []byte(settings()["HJEMMEL_MASKINPORTEN_KEY"]), 0o600); err != nil {
		t.Fatal(err)
	}
	for k, v := range settings() {
		t.Setenv(k, v)
	}
	t.Setenv("HJEMMEL_MASKINPORTEN_KEY", "@"+file)
	c, err := ReadConfig()
	if err != nil || len(c.MaskinportenKey) != 1 {
		t.Errorf("%v", err)
	}
	if _, err := c.MaskinportenKey.RSAKey(); err == nil {
		t.Error("rubbish is taken for a key")
	}
}

// testKey is a real RSA key, PEM.
func testKey(t *testing.T) string {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k)}))
}
