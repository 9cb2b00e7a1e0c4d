package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"time"
)

// module is a Go module below this folder whose programs the cluster uses.
type module struct {
	folder  string
	usually string
	// builds are the packages, each with its output. They are built one by one: linked together,
	// modules that spell a dependency differently would collide.
	builds []build
	// links are further names of the first output.
	links []string
}

type build struct{ output, pkg, flags string }

var kubernetesPrograms = []string{
	"coredns", "etcd", "kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler",
	"kubeadm", "kubectl", "kubelet",
}

func modules(s *settings) ([]module, error) {
	kubernetes, err := requiredVersion(filepath.Join(s.Source, "kubernetes", "go.mod"), "k8s.io/kubernetes")
	if err != nil {
		return nil, err
	}
	helm, err := requiredVersion(filepath.Join(s.Source, "tools", "go.mod"), "helm.sh/helm/v3")
	if err != nil {
		return nil, err
	}
	s.KubernetesVersion = kubernetes
	parts := regexp.MustCompile(`^v(\d+)\.(\d+)\.`).FindStringSubmatch(kubernetes)
	if parts == nil {
		return nil, fmt.Errorf("unexpected Kubernetes version %q", kubernetes)
	}
	const component = "k8s.io/component-base/version"
	const chart = "helm.sh/helm/v3/pkg/chartutil"
	return []module{
		{"kubernetes", "6 to 12 minutes with nothing cached", []build{
			{"hyperkube", ".", fmt.Sprintf("-X %[1]s.gitVersion=%[2]s -X %[1]s.gitMajor=%[3]s -X %[1]s.gitMinor=%[4]s -X %[1]s.gitTreeState=clean",
				component, kubernetes, parts[1], parts[2])},
		}, kubernetesPrograms},
		{"tools", "2 minutes with nothing cached", []build{
			{"helm", "helm.sh/helm/v3/cmd/helm", fmt.Sprintf("-X helm.sh/helm/v3/internal/version.version=%s -X %[2]s.k8sVersionMajor=%[3]s -X %[2]s.k8sVersionMinor=%[4]s",
				helm, chart, parts[1], parts[2])},
			{"local-path-provisioner", "github.com/rancher/local-path-provisioner", ""},
		}, nil},
		// Runs on the machine, for the tests of backups; not in the cluster.
		{"s3", "3 to 5 minutes with nothing cached", []build{{"versitygw", "github.com/versity/versitygw/cmd/versitygw", ""}}, nil},
		{"pause", "a second", []build{{"pause", ".", ""}}, nil},
	}, nil
}

// requiredVersion reads a pinned version from a module file, the only place where it stands.
func requiredVersion(modFile, path string) (string, error) {
	content, err := os.ReadFile(modFile)
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(`(?m)^\s*(?:require\s+)?` + regexp.QuoteMeta(path) + `\s+(v\S+)`).FindSubmatch(content)
	if found == nil {
		return "", fmt.Errorf("%s does not require %s", modFile, path)
	}
	return string(found[1]), nil
}

// buildBinaries makes sure that every program is in the cache and gives the folder with all of
// them, by name.
func buildBinaries(ctx context.Context, s *settings) error {
	all, err := modules(s)
	if err != nil {
		return err
	}
	hash := sha256.New()
	targets := map[string]string{}
	for _, m := range all {
		folder, err := m.cached(ctx, s)
		if err != nil {
			return err
		}
		fmt.Fprintln(hash, folder)
		for _, b := range m.builds {
			targets[b.output] = filepath.Join(folder, b.output)
		}
		for _, link := range m.links {
			targets[link] = filepath.Join(folder, m.builds[0].output)
		}
	}
	s.Binaries = filepath.Join(s.Cache, "cluster", "binaries", hex.EncodeToString(hash.Sum(nil))[:16])
	return linkAll(s.Binaries, targets)
}

// cached gives the folder with the module's programs, which it builds when no former build had the
// same sources.
func (m module) cached(ctx context.Context, s *settings) (string, error) {
	source := filepath.Join(s.Source, m.folder)
	key, err := m.key(source)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(s.Cache, "cluster", m.folder+"-"+key)
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	say("building %s from its Go modules (usually %s)", m.folder, m.usually)
	began := time.Now()
	stop := heartbeat("building " + m.folder)
	defer stop()
	partial := fmt.Sprintf("%s.partial-%d", folder, os.Getpid())
	defer os.RemoveAll(partial)
	for _, b := range m.builds {
		// A module that needs a newer Go than the machine's says so, and gets it as a module.
		if _, err := runIn(ctx, source, []string{"CGO_ENABLED=0", "GOWORK=off", "GOTOOLCHAIN=auto"}, "",
			"go", "build", "-trimpath", "-ldflags", "-s -w "+b.flags, "-o", filepath.Join(partial, b.output), b.pkg); err != nil {
			return "", err
		}
	}
	say("  built %s in %s", m.folder, time.Since(began).Round(time.Second))
	return folder, os.Rename(partial, folder)
}

// key hashes everything that decides what the programs are.
func (m module) key(source string) (string, error) {
	files, err := filepath.Glob(filepath.Join(source, "*"))
	if err != nil {
		return "", err
	}
	sort.Strings(files)
	hash := sha256.New()
	fmt.Fprintf(hash, "%v\n", m.builds)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%s %d\n%s", filepath.Base(file), len(content), content)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16], nil
}

func linkAll(folder string, targets map[string]string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, target := range targets {
		path := filepath.Join(folder, name)
		if present, err := os.Readlink(path); err == nil && present == target {
			continue
		}
		_ = os.Remove(path)
		if err := os.Symlink(target, path); err != nil {
			return err
		}
	}
	return nil
}
