// Package strict reads what stands in infra for others to read as they do: Kubernetes and Knative with their own Go types,
// unknown fields refused and what their webhooks check checked, and Compose with its own library. It is a module of its own,
// so that what those link stays out of ours.
//
// It refuses a manifest of a kind that it does not know.
package strict

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"go.yaml.in/yaml/v3"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	eventingv1 "knative.dev/eventing/pkg/apis/eventing/v1"
	sourcesv1 "knative.dev/eventing/pkg/apis/sources/v1"
	"knative.dev/pkg/apis"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// external is what we use of External Secrets v1, whose module brings every vault's SDK.
type external struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct {
		Name, Namespace string
		Labels          map[string]string
	}
	Spec struct {
		RefreshInterval string                      `yaml:"refreshInterval"`
		SecretStoreRef  struct{ Kind, Name string } `yaml:"secretStoreRef"`
		Target          struct {
			Name           string
			CreationPolicy string `yaml:"creationPolicy"`
		}
		Data []struct {
			SecretKey string               `yaml:"secretKey"`
			RemoteRef struct{ Key string } `yaml:"remoteRef"`
		}
		Provider struct {
			GCPSM struct {
				ProjectID string `yaml:"projectID"`
			} `yaml:"gcpsm"`
			Vault struct {
				Server, Path, Version string
				Auth                  struct {
					Kubernetes struct {
						MountPath string `yaml:"mountPath"`
						Role      string
					}
				}
			}
		}
	}
}

func scheme(t *testing.T) *runtime.Scheme {
	t.Helper()
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, networkingv1.AddToScheme,
		servingv1.AddToScheme, eventingv1.AddToScheme, sourcesv1.AddToScheme} {
		if err := add(s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// take tells what is wrong with a manifest, if anything.
func take(t *testing.T, manifest []byte) error {
	t.Helper()
	if bytes.Contains(manifest, []byte("external-secrets.io/v1\n")) {
		d := yaml.NewDecoder(bytes.NewReader(manifest))
		d.KnownFields(true)
		return d.Decode(&external{})
	}
	o, _, err := serializer.NewCodecFactory(scheme(t), serializer.EnableStrict).UniversalDeserializer().Decode(manifest, nil, nil)
	if err != nil {
		return err
	}
	ctx := apis.WithinCreate(context.Background())
	if d, ok := o.(apis.Defaultable); ok {
		d.SetDefaults(ctx)
	}
	if v, ok := o.(apis.Validatable); ok {
		if err := v.Validate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// built are the manifests of a folder, as kubectl apply -k would send them.
func built(t *testing.T, folder string) []string {
	t.Helper()
	all, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatal(err)
	}
	b, err := all.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(b), "\n---\n")
}

// Each platform's manifests, put together, hold nothing of the other's.
func TestKubernetesTakesWhatIsPutTogether(t *testing.T) {
	for folder, c := range map[string]struct {
		has     []string
		foreign []string
	}{
		"../knative":     {[]string{"nats://", "postgres://", "s3://", "PGPASSWORD", "NATS_CREDS", ":postgres-s3-nats"}, []string{"kind: Trigger", "pubsub", "firestore", "gcpsm", "gs://", ":gcp"}},
		"../knative-gcp": {[]string{"gcppubsub://", "firestore://", "gs://", "gcpsm", "kind: Trigger", ":gcp"}, []string{"nats://", "NATS_CREDS", "postgres", "PGPASSWORD", "s3://", "vault", "/etc/nats"}},
	} {
		var services int
		manifests := built(t, folder)
		for _, m := range manifests {
			if err := take(t, []byte(m)); err != nil {
				t.Errorf("%s: %v\n%s", folder, err, m)
			}
			if strings.Contains(m, "serving.knative.dev/v1\nkind: Service\n") {
				services++
			}
		}
		all := strings.Join(manifests, "\n")
		for _, want := range c.has {
			if !strings.Contains(all, want) {
				t.Errorf("%s has no %s", folder, want)
			}
		}
		for _, foreign := range c.foreign {
			if strings.Contains(all, foreign) {
				t.Errorf("%s has %s", folder, foreign)
			}
		}
		if services != 7 {
			t.Errorf("%s has %d functions", folder, services)
		}
	}
}

func TestKubernetesTakesTheManifests(t *testing.T) {
	files, err := filepath.Glob("../knative/*.yaml")
	if err != nil || len(files) < 9 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(name) == "kustomization.yaml" {
			continue
		}
		for _, m := range strings.Split(string(b), "\n---\n") {
			if err := take(t, []byte(m)); err != nil {
				t.Errorf("%s: %v\n%s", name, err, m)
			}
		}
	}
}

// What upstream would refuse is refused here: the check checks.
func TestWhatIsWrongIsRefused(t *testing.T) {
	for _, c := range []struct{ in, was, is string }{
		{"lookup.yaml", "timeoutSeconds: 600", "timeoutSeconds: 6000"},
		{"lookup.yaml", "max-scale: \"20\"", "max-scale: mange"},
		{"lookup.yaml", "podSelector", "podSelektor"},
		{"lookup.yaml", "remoteRef", "remote"},
		{"lookup.yaml", "containerConcurrency", "concurrency"},
		{"platform.yaml", "7 * * * *", "7 33 * * *"},
		{"../knative-gcp/queue.yaml", "subscriber:", "abonnent:"},
		{"platform.yaml", "vault:", "hvelv:"},
		{"edge.yaml", "replicas: 2", "replicas: to"},
	} {
		b, err := os.ReadFile("../knative/" + c.in)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(b), c.was, c.is, 1)
		refused := slices.ContainsFunc(strings.Split(changed, "\n---\n"), func(m string) bool { return take(t, []byte(m)) != nil })
		if changed == string(b) || !refused {
			t.Errorf("%s is taken with %s", c.in, c.is)
		}
	}
}

// Compose reads what is meant: each function with its settings, and the proxy's file with no setting put into it.
func TestComposeTakesTheFile(t *testing.T) {
	var given []string
	b, err := os.ReadFile("../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(b), "${")[1:] {
		if name, _, ok := strings.Cut(part, ":?}"); ok && !strings.ContainsAny(name, "}\n") {
			given = append(given, name+"=x")
		}
	}
	o, err := cli.NewProjectOptions([]string{"../compose.yaml"}, cli.WithEnv(given))
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Services) < 8 || !strings.Contains(p.Configs["edge"].Content, "map $uri $function {") {
		t.Errorf("%d services, %s", len(p.Services), p.Configs["edge"].Content)
	}
	for name, s := range p.Services {
		if name != "edge" && (s.User != "65532:65532" || !s.ReadOnly || *s.Environment["HJEMMEL_STATE"] != "sqlite:///data/hjemmel.db") {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if o, err = cli.NewProjectOptions([]string{"../compose.yaml"}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.LoadProject(t.Context()); err == nil || !strings.Contains(err.Error(), "HJEMMEL_") {
		t.Errorf("nothing is given, and it starts: %v", err)
	}
}
