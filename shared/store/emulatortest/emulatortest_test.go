package emulatortest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// panicking names the setting that makes this binary start an emulator and panic.
const panicking = "HJEMMEL_EMULATORTEST_PANIC"

// given is the emulator that was there before any test.
var given = os.Getenv(Firestore.variable)

func TestMain(m *testing.M) {
	if os.Getenv(panicking) != "" {
		host, err := Firestore.start()
		fmt.Println(host)
		panic(err)
	}
	os.Exit(m.Run())
}

// The emulator does not outlive a test binary that panics.
func TestEndsWithBinary(t *testing.T) {
	if given != "" {
		t.Skip(Firestore.variable + " is set, so nothing is started here")
	}
	Firestore.Start(t) // skips or fails when there is none
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), panicking+"=1", Firestore.variable+"=")
	out, err := c.Output()
	host := strings.TrimSpace(string(out))
	if err == nil || host == "" {
		t.Fatalf("the binary ended with %v and started %q", err, host)
	}
	for deadline := time.Now().Add(time.Minute); ; {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			return
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Fatalf("%s still answers", host)
		}
	}
}

func TestOnePerBinary(t *testing.T) {
	if a, b := Firestore.Start(t), Firestore.Start(t); a != b || a != os.Getenv(Firestore.variable) {
		t.Errorf("got %q and %q, the environment names %q", a, b, os.Getenv(Firestore.variable))
	}
}

func TestMissingJar(t *testing.T) {
	t.Setenv("FIRESTORE_EMULATOR_JAR", "/nowhere.jar")
	t.Setenv(Firestore.variable, "")
	if _, err := Firestore.start(); err == nil || !strings.Contains(err.Error(), "/nowhere.jar") {
		t.Errorf("got %v, want an error that names the jar", err)
	}
}

func TestFailedStart(t *testing.T) {
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("no java")
	}
	if _, err := Firestore.launch(java, "/nowhere.jar"); err == nil || !strings.Contains(err.Error(), "ClassNotFound") {
		t.Errorf("got %v, want what java said", err)
	}
}
