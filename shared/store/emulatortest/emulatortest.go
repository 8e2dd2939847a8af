// Package emulatortest starts the emulators of Google's cloud for tests: Firestore, Pub/Sub and Cloud Storage.
//
// It refuses to pass quietly in continuous integration: with CI=true a missing emulator is a
// failure, elsewhere a skip that names what is missing. It starts emulators on Linux only, which
// ends them with the test binary however that ends; elsewhere set their variable to where one is.
package emulatortest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// Emulator is one of the SDK's. There is at most one of each in a test binary, shared by all its tests. It
// lives as long as the binary, a crash included.
type Emulator struct {
	variable string   // where the client finds it: host:port
	place    string   // names another place of the file
	file     string   // the jar, or the program; a pattern
	args     []string // of java where it is a jar; %s is the file, and --host and --port follow
	health   string   // the path that answers 200 when it is ready

	once sync.Once
	host string
	err  error
}

const sdk = "/usr/lib/google-cloud-sdk/platform/"

// root is the repository.
var root = func() string {
	_, file, _, _ := runtime.Caller(0)
	return strings.TrimSuffix(file, "shared/store/emulatortest/emulatortest.go")
}()

// The emulators. The first write to Firestore's takes about 2 s.
var (
	Firestore = &Emulator{
		variable: "FIRESTORE_EMULATOR_HOST", place: "FIRESTORE_EMULATOR_JAR",
		file: sdk + "cloud-firestore-emulator/cloud-firestore-emulator.jar",
		args: []string{"-XX:+UseSerialGC", "-Xmx512m", "-Duser.language=en", "-cp", "%s", "com.google.cloud.datastore.emulator.firestore.CloudFirestore", "start"},
	}
	PubSub = &Emulator{
		variable: "PUBSUB_EMULATOR_HOST", place: "PUBSUB_EMULATOR_JAR",
		file: sdk + "pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar",
		args: []string{"-XX:+UseSerialGC", "-Xmx256m", "-jar", "%s"},
	}
	// Storage is fake-gcs-server, which Google does not make; infra/check/test.sh builds it.
	Storage = &Emulator{
		variable: "STORAGE_EMULATOR_HOST", place: "FAKE_GCS_SERVER",
		file: root + ".bin/fake-gcs-server-v1.56.1",
		args: []string{"--backend=memory", "--scheme=http", "--log-level=error"}, health: "_internal/healthcheck",
	}
)

// Variable names the variable of the environment that clients find the emulator by.
func (e *Emulator) Variable() string { return e.variable }

// errMissing wraps what is missing on this machine.
var errMissing = errors.New("the emulator cannot start")

// Start gives the host:port of the emulator: that of its variable, or of one that it starts and sets the
// variable to.
func (e *Emulator) Start(tb testing.TB) (host string) {
	tb.Helper()
	e.once.Do(func() { e.host, e.err = e.start() })
	if e.err == nil {
		return e.host
	}
	if errors.Is(e.err, errMissing) && os.Getenv("CI") != "true" {
		tb.Skip(e.err)
	}
	tb.Fatal(e.err)
	return ""
}

func (e *Emulator) start() (string, error) {
	if host := os.Getenv(e.variable); host != "" {
		return host, nil
	}
	place := e.file
	if p := os.Getenv(e.place); p != "" {
		place = p
	}
	found, err := filepath.Glob(place)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%w: nothing at %s", errMissing, place)
	}
	program := found[0]
	if strings.HasSuffix(program, ".jar") {
		if program, err = exec.LookPath("java"); err != nil {
			return "", fmt.Errorf("%w: no java: %w", errMissing, err)
		}
	}
	host, err := e.launch(program, found[0])
	if err != nil {
		host, err = e.launch(program, found[0]) // the port may have been taken meanwhile
	}
	if err != nil {
		return "", err
	}
	return host, os.Setenv(e.variable, host)
}

// launch starts the process and waits until it answers.
func (e *Emulator) launch(program, file string) (string, error) {
	port, err := FreePort()
	if err != nil {
		return "", err
	}
	log, err := os.CreateTemp("", "emulator-*.log")
	if err != nil {
		return "", err
	}
	os.Remove(log.Name()) // lives on while it is open
	var args []string
	for _, a := range e.args {
		args = append(args, strings.Replace(a, "%s", file, 1))
	}
	cmd := exec.Command(program, append(args, "--host=127.0.0.1", fmt.Sprintf("--port=%d", port))...)
	cmd.Dir = os.TempDir()
	cmd.Stdout, cmd.Stderr = log, log
	ended, err := Bound(cmd)
	if err != nil {
		return "", err
	}
	host := fmt.Sprintf("127.0.0.1:%d", port)
	if err := ready(host+"/"+e.health, ended); err != nil {
		said, _ := io.ReadAll(io.NewSectionReader(log, 0, 10_000))
		return "", fmt.Errorf("emulatortest: %w\n%s", err, said)
	}
	return host, nil
}

// Bound starts a command that the kernel kills when the test binary ends, however that does, and gives where its end
// is told.
func Bound(cmd *exec.Cmd) (ended <-chan error, err error) {
	if err := bind(cmd); err != nil {
		return nil, err
	}
	end := make(chan error, 1)
	go run(cmd, end)
	return end, nil
}

// run starts the command from a thread that does nothing else: the death signal comes when the
// starting thread ends, so that thread must live as long as the test binary.
func run(cmd *exec.Cmd, ended chan<- error) {
	runtime.LockOSThread()
	ended <- cmd.Run()
	select {}
}

func ready(at string, ended <-chan error) error {
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
		if res, err := http.Get("http://" + at); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}

// FreePort gives a port of this machine that nobody listens on now.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
