// Package firestoretest starts the Firestore emulator for tests.
//
// It refuses to pass quietly in continuous integration: with CI=true a missing emulator is a
// failure, elsewhere a skip that names what is missing. It starts the emulator on Linux only, which
// ends it with the test binary however that ends; elsewhere set FIRESTORE_EMULATOR_HOST.
package firestoretest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"testing"
	"time"

	"hjemmel/shared/store/firestore"
)

const (
	jar  = "/usr/lib/google-cloud-sdk/platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
	main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
	env  = "FIRESTORE_EMULATOR_HOST"
)

// errMissing wraps what is missing on this machine.
var errMissing = errors.New("the Firestore emulator cannot start")

// Start gives the host:port of an emulator: that of FIRESTORE_EMULATOR_HOST, or one that it starts
// and sets FIRESTORE_EMULATOR_HOST to. There is at most one in a test binary, shared by all its
// tests, so take a collection of your own in each. It lives as long as the binary, a crash included.
// Another place of the jar can be named in FIRESTORE_EMULATOR_JAR. The first write takes about 2 s.
func Start(tb testing.TB) (host string) {
	tb.Helper()
	host, err := once()
	if err == nil {
		return host
	}
	if errors.Is(err, errMissing) && os.Getenv("CI") != "true" {
		tb.Skip(err)
	}
	tb.Fatal(err)
	return ""
}

// Open gives an empty store of the test's own on the emulator. Whoever it is given to closes it.
func Open(tb testing.TB) *firestore.Store {
	tb.Helper()
	Start(tb)
	s, err := firestore.Open(tb.Context(), firestore.Config{Project: "hjemmel-test", Collection: "t" + rand.Text()})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

var once = sync.OnceValues(start)

func start() (string, error) {
	if host := os.Getenv(env); host != "" {
		return host, nil
	}
	path := jar
	if p := os.Getenv("FIRESTORE_EMULATOR_JAR"); p != "" {
		path = p
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%w: no jar: %w", errMissing, err)
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return "", fmt.Errorf("%w: no java: %w", errMissing, err)
	}
	host, err := launch(java, path)
	if err != nil {
		host, err = launch(java, path) // the port may have been taken meanwhile
	}
	if err != nil {
		return "", err
	}
	return host, os.Setenv(env, host)
}

// launch starts the process and waits until it answers.
func launch(java, jar string) (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	log, err := os.CreateTemp("", "firestore-emulator-*.log")
	if err != nil {
		return "", err
	}
	os.Remove(log.Name()) // lives on while it is open
	cmd := exec.Command(java, "-Xmx512m", "-XX:+UseSerialGC", "-Duser.language=en", "-cp", jar, main,
		"start", "--host=127.0.0.1", fmt.Sprintf("--port=%d", port))
	cmd.Dir = os.TempDir()
	cmd.Stdout, cmd.Stderr = log, log
	if err := bind(cmd); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go run(cmd, ended)
	host := fmt.Sprintf("127.0.0.1:%d", port)
	if err := ready(host, ended); err != nil {
		said, _ := io.ReadAll(io.NewSectionReader(log, 0, 10_000))
		return "", fmt.Errorf("firestoretest: %w\n%s", err, said)
	}
	return host, nil
}

// run starts the command from a thread that does nothing else: the death signal comes when the
// starting thread ends, so that thread must live as long as the test binary.
func run(cmd *exec.Cmd, ended chan<- error) {
	runtime.LockOSThread()
	ended <- cmd.Run()
	select {}
}

func ready(host string, ended <-chan error) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	patience := time.After(time.Minute)
	for {
		select {
		case err := <-ended:
			return fmt.Errorf("the emulator ended: %w", err)
		case <-patience:
			return errors.New("the emulator does not answer")
		case <-tick.C:
		}
		if res, err := http.Get("http://" + host + "/"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
