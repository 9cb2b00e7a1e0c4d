package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCacheKeyChangesWithEverySourceAndWithTheFlags(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "main.go"} {
		write(t, filepath.Join(folder, name), name)
	}
	original := module{folder: "m", builds: []build{{"a", ".", "-X v=1"}}}
	keys := map[string]string{key(t, original, folder): "the original"}
	other := original
	other.builds = []build{{"a", ".", "-X v=2"}}
	note := func(what, key string) {
		if former, seen := keys[key]; seen {
			t.Errorf("%s has the same key as %s", what, former)
		}
		keys[key] = what
	}
	note("another flag", key(t, other, folder))
	for _, name := range []string{"go.mod", "go.sum", "main.go"} {
		write(t, filepath.Join(folder, name), name+" changed")
		note("a changed "+name, key(t, original, folder))
	}
	if key(t, original, folder) != key(t, original, folder) {
		t.Error("equal sources have different keys")
	}
}

func TestVersionsAreReadFromTheModuleFiles(t *testing.T) {
	all, err := modules(&settings{Source: "."})
	if err != nil {
		t.Fatal(err)
	}
	flags := all[0].builds[0].flags
	if !strings.Contains(flags, "gitVersion=v1.34.") || !strings.Contains(flags, "gitMinor=34 ") {
		t.Errorf("flags %q", flags)
	}
}

func TestEveryTemplateIsFilledCompletely(t *testing.T) {
	s, err := newSettings()
	if err != nil {
		t.Fatal(err)
	}
	s.KubernetesVersion, s.NetworkPlugins = "v1.34.4", "/usr/lib/cni"
	for _, folder := range []string{"config", "manifests"} {
		entries, err := templates.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			content, err := s.render(folder + "/" + entry.Name())
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(content, "{{.") || strings.Contains(content, "<no value>") {
				t.Errorf("%s: %s", entry.Name(), content)
			}
		}
	}
}

func TestMissingCapabilityIsNamed(t *testing.T) {
	if got := missingFrom("CapPrm:\t0\nCapEff:\t000001ffffffffff\n"); len(got) != 0 {
		t.Errorf("all rights, yet %v missing", got)
	}
	got := missingFrom("CapEff:\t000001ffffdfffff\nCapBnd:\t0\n")
	if len(got) != 1 || got[0] != "CAP_SYS_ADMIN" {
		t.Errorf("missing %v", got)
	}
}

func TestMountPointsAreReadWithTheirSpaces(t *testing.T) {
	got := parseMounts("36 35 98:0 / /mnt\\040a rw,noatime shared:1 - ext4 /dev/root rw\n" +
		"40 36 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup rw\nnonsense\n")
	if len(got) != 2 || got[0].point != "/mnt a" || got[1].kind != "cgroup2" {
		t.Errorf("mounts %+v", got)
	}
}

func TestComponentsGetNoProxyAndNoOtherCluster(t *testing.T) {
	t.Setenv("https_proxy", "http://proxy")
	t.Setenv("KUBECONFIG", "/elsewhere")
	t.Setenv("KEPT", "1")
	joined := "\n" + strings.Join(environment(), "\n")
	if strings.Contains(joined, "\nhttps_proxy=") || strings.Contains(joined, "\nKUBECONFIG=") || !strings.Contains(joined, "\nKEPT=1") {
		t.Error(joined)
	}
}

func TestTailKeepsTheLastLines(t *testing.T) {
	if got := tail("1\n2\n3\n", 2); got != "2\n3" {
		t.Errorf("%q", got)
	}
}

func key(t *testing.T, m module, folder string) string {
	t.Helper()
	key, err := m.key(folder)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
