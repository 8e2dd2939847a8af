// Package container builds the images and looks into them: what lies there, whose user it runs as, how large it
// is, that two builds are one, and that it runs with nothing but its settings.
package container

import (
	"archive/tar"
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	root    = "../.."
	maxSize = 30 << 20 // bytes, all files of an image, not compressed
)

// platforms are what an image may be built for, each with the modules of its drivers.
var platforms = map[string][]string{
	"local":            {sqlite},
	"local,s3":         {sqlite, minio},
	"gcp":              {"cloud.google.com/go/firestore", "cloud.google.com/go/pubsub/v2"},
	"postgres,s3,nats": {"github.com/jackc/pgx/v5", minio, "github.com/nats-io/nats.go"},
}

const (
	sqlite = "modernc.org/sqlite"
	minio  = "github.com/minio/minio-go/v7"
)

// foreign are the modules of the drivers that a platform does not have.
func foreign(platform string) (modules []string) {
	for _, other := range platforms {
		for _, m := range other {
			if !slices.Contains(platforms[platform], m) {
				modules = append(modules, m)
			}
		}
	}
	return modules
}

// podman runs one command of the engine.
func podman(t *testing.T, args ...string) []byte {
	t.Helper()
	c := exec.CommandContext(t.Context(), "podman", args...)
	c.Dir, c.Env = root, append(os.Environ(), "CONTAINERS_CONF=infra/container/containers.conf")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("podman %s: %v: %s", args[0], err, stderr.Bytes())
	}
	return out
}

// build makes the image as make image does, and gives its name.
func build(t *testing.T, function, platform string) string {
	t.Helper()
	if _, err := exec.LookPath("podman"); err != nil {
		t.Skip("podman is not here: images are not built")
	}
	c := exec.CommandContext(t.Context(), "infra/container/build.sh", function, platform)
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return "localhost/hjemmel/" + function + ":" + strings.ReplaceAll(platform, ",", "-")
}

// image is what a saved image says.
type image struct {
	files  map[string]*tar.Header
	sbom   []byte
	size   int64
	config struct {
		Created time.Time
		Config  struct {
			User       string
			Entrypoint []string
		}
	}
}

// save reads an image as a registry would get it.
func save(t *testing.T, name string) image {
	t.Helper()
	at := path.Join(t.TempDir(), "image.tar")
	podman(t, "save", "--quiet", "--format", "docker-archive", "--output", at, name)
	f, err := os.Open(at) //nolint:gosec // a file of this test
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	got := image{files: map[string]*tar.Header{}}
	each(t, f, func(h *tar.Header, r io.Reader) {
		switch {
		case strings.HasSuffix(h.Name, ".tar") && h.Typeflag == tar.TypeReg:
			each(t, r, func(h *tar.Header, r io.Reader) {
				got.files[h.Name] = h
				got.size += h.Size
				if h.Name == "sbom.cdx.json" {
					got.sbom, err = io.ReadAll(r)
				}
			})
		case strings.HasSuffix(h.Name, ".json") && h.Name != "manifest.json" && !strings.Contains(h.Name, "/"):
			err = json.NewDecoder(r).Decode(&got.config)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return got
}

func each(t *testing.T, r io.Reader, see func(*tar.Header, io.Reader)) {
	t.Helper()
	for in := tar.NewReader(r); ; {
		h, err := in.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		see(h, in)
	}
}

func functions(t *testing.T) (names []string) {
	t.Helper()
	found, err := os.ReadDir(path.Join(root, "functions"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		names = append(names, f.Name())
	}
	return names
}

// Every function, for every platform: a binary and what is in it, nobody's user, small.
func TestImagesHoldABinaryAndNothingElse(t *testing.T) {
	for platform := range platforms {
		for _, f := range functions(t) {
			got := save(t, build(t, f, platform))
			if len(got.files) != 2 || got.files["function"] == nil || got.files["sbom.cdx.json"] == nil {
				t.Errorf("%s %s holds %v", f, platform, got.files)
				continue
			}
			for name, h := range got.files {
				if want := map[string]int64{"function": 0o755, "sbom.cdx.json": 0o644}[name]; h.Mode&0o7777 != want || h.Uid != 0 || h.ModTime.Unix() != 0 {
					t.Errorf("%s %s: %s has mode %o, uid %d, time %v", f, platform, name, h.Mode, h.Uid, h.ModTime)
				}
			}
			c := got.config
			if c.Config.User != "65532:65532" || !slices.Equal(c.Config.Entrypoint, []string{"/function"}) || c.Created.Unix() != 0 {
				t.Errorf("%s %s: %+v", f, platform, c)
			}
			if got.size > maxSize {
				t.Errorf("%s %s has %d bytes, over %d", f, platform, got.size, maxSize)
			}
			bill(t, f+" "+platform, got.sbom, foreign(platform))
			t.Logf("%-11s %-5s %.1f MB", f, platform, float64(got.size)/1e6)
		}
	}
}

// bill reads an SBOM: the libraries are there with versions, and none of another platform.
func bill(t *testing.T, name string, sbom []byte, foreign []string) {
	t.Helper()
	var b struct {
		BomFormat  string
		Components []struct{ Name, Version, Purl string }
	}
	if err := json.Unmarshal(sbom, &b); err != nil || b.BomFormat != "CycloneDX" || len(b.Components) < 10 {
		t.Fatalf("%s: SBOM of %d components, %v", name, len(b.Components), err)
	}
	var names []string
	for _, c := range b.Components {
		if c.Version == "" || c.Purl == "" {
			t.Errorf("%s: %s has no version", name, c.Name)
		}
		names = append(names, c.Name)
	}
	for _, want := range []string{"std", "github.com/GoogleCloudPlatform/functions-framework-go", "golang.org/x/crypto/x509roots/fallback"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s: the SBOM does not tell of %s", name, want)
		}
	}
	for _, f := range foreign {
		if slices.Contains(names, f) {
			t.Errorf("%s holds %s, which is another platform's", name, f)
		}
	}
}

// Two builds, in folders of their own, are one image.
func TestTwoBuildsAreOneImage(t *testing.T) {
	first := podman(t, "image", "inspect", "--format", "{{.Id}}", build(t, "lookup", "local"))
	again := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "sh", "-c", `cp -r ../../go.mod ../../go.sum ../../functions ../../shared "$0" && mkdir "$0/infra" && cp -r ../container "$0/infra" && ln -s "$(realpath ../../.bin)" "$0/.bin"`, again).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	podman(t, "rmi", "localhost/hjemmel/lookup:local")
	c := exec.CommandContext(t.Context(), "infra/container/build.sh", "lookup", "local")
	c.Dir = again
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if second := podman(t, "image", "inspect", "--format", "{{.Id}}", "localhost/hjemmel/lookup:local"); !bytes.Equal(first, second) {
		t.Errorf("built twice: %s and %s", first, second)
	}
}

func TestUnknownFunctionsAndPlatformsAreNotBuilt(t *testing.T) {
	for _, args := range [][]string{{"finnesikke", "local"}, {"lookup", "azure"}, {}} {
		c := exec.CommandContext(t.Context(), "infra/container/build.sh", args...)
		c.Dir = root
		if out, err := c.CombinedOutput(); err == nil {
			t.Errorf("%v is built: %s", args, out)
		}
	}
}

// An image runs as a stranger on a read-only root without any right, answers when ready, and ends by SIGTERM.
func TestAnImageRuns(t *testing.T) {
	name := build(t, "lookup", "local")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	args := []string{"run", "--detach", "--read-only", "--cap-drop=all", "--security-opt=no-new-privileges", "--memory=256m", "--pids-limit=64",
		"--tmpfs=/data:rw,size=64m,mode=1777"}
	for k, v := range settings(t) {
		args = append(args, "--env", k+"="+v)
	}
	start := time.Now()
	id := strings.TrimSpace(string(podman(t, append(args, "--env", "HJEMMEL_ADDR="+addr, name)...)))
	t.Cleanup(func() {
		_ = exec.Command("podman", "rm", "--force", id).Run() // the test's context has ended
	})
	for { // until it is ready, or has ended
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/readyz", nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				break
			}
		}
		if state := strings.TrimSpace(string(podman(t, "inspect", "--format", "{{.State.Status}}", id))); state != "running" && state != "created" {
			t.Fatalf("it is %s: %s", state, podman(t, "logs", id))
		}
	}
	t.Logf("run to ready: %d ms, with the engine's own time", time.Since(start).Milliseconds())
	podman(t, "kill", "--signal=TERM", id)
	if code := strings.TrimSpace(string(podman(t, "wait", id))); code != "0" {
		t.Errorf("SIGTERM: %s: %s", code, podman(t, "logs", id))
	}
}

// settings are what lookup needs, made up.
func settings(t *testing.T) map[string]string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	secret := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), 32))
	return map[string]string{
		"HJEMMEL_STATE": "sqlite:///data/hjemmel.db", "HJEMMEL_AUDIT_SECRET": secret, "HJEMMEL_PASSWORD_KEY": secret, "HJEMMEL_PERSON_KEY": secret,
		"HJEMMEL_ORGNR": "310500003", "HJEMMEL_MASKINPORTEN_CLIENT": "hjemmel", "HJEMMEL_MASKINPORTEN_KEY_ID": "k1",
		"HJEMMEL_MASKINPORTEN_KEY": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
	}
}
