package imagetar

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestImageNamesEveryLayerByTheDigestOfItsContent(t *testing.T) {
	directory := t.TempDir()
	lower := layerWith(t, directory, "lower.tar", "/bin/a", "first")
	upper := layerWith(t, directory, "upper.tar", "/bin/b", "second")
	out := filepath.Join(directory, "image.tar")
	image := Image{Name: "registry.local/a:1", Config: json.RawMessage(`{"User":"65532"}`), Layers: []string{lower, upper}}
	if err := image.Write(out); err != nil {
		t.Fatal(err)
	}
	files := read(t, out)
	var manifests []manifest
	unmarshal(t, files["manifest.json"], &manifests)
	if got := manifests[0].RepoTags[0]; got != "registry.local/a:1" {
		t.Errorf("tag %q", got)
	}
	var config configuration
	unmarshal(t, files[manifests[0].Config], &config)
	if string(config.Config) != `{"User":"65532"}` {
		t.Errorf("config %s", config.Config)
	}
	for n, layer := range manifests[0].Layers {
		if got := "sha256:" + hexDigest(files[layer]); got != config.RootFS.DiffIDs[n] {
			t.Errorf("layer %d: content %s, described as %s", n, got, config.RootFS.DiffIDs[n])
		}
	}
}

func TestEqualInputsMakeEqualImages(t *testing.T) {
	directory := t.TempDir()
	image := Image{
		Name: "a:1", Config: json.RawMessage(`{}`),
		Layers: []string{layerWith(t, directory, "layer.tar", "/a", "content")},
	}
	first, second := filepath.Join(directory, "1.tar"), filepath.Join(directory, "2.tar")
	for _, out := range []string{first, second} {
		if err := image.Write(out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(content(t, first), content(t, second)) {
		t.Error("two writes of the same image differ")
	}
}

func TestCompressedLayerIsRefusedAndNothingIsLeft(t *testing.T) {
	directory := t.TempDir()
	layer := filepath.Join(directory, "layer.tar.gz")
	if err := os.WriteFile(layer, bytes.Repeat([]byte{0x1f, 0x8b}, 512), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(directory, "image.tar")
	if err := (Image{Name: "a:1", Config: json.RawMessage(`{}`), Layers: []string{layer}}).Write(out); err == nil {
		t.Fatal("a compressed layer was accepted")
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("an image was left behind: %v", err)
	}
}

func TestLayerHasEveryParentDirectoryOnceAndBeforeItsFiles(t *testing.T) {
	directory := t.TempDir()
	layer := layerWith(t, directory, "layer.tar", "/usr/bin/a", "x")
	names := []string{}
	archive := tar.NewReader(bytes.NewReader(content(t, layer)))
	for header, err := archive.Next(); err == nil; header, err = archive.Next() {
		names = append(names, header.Name)
	}
	want := []string{"tmp/", "usr/", "usr/bin/", "usr/bin/a", "usr/bin/link"}
	if len(names) != len(want) {
		t.Fatalf("entries %v, want %v", names, want)
	}
	for n := range want {
		if names[n] != want[n] {
			t.Errorf("entries %v, want %v", names, want)
		}
	}
}

func layerWith(t *testing.T, directory, name, path, text string) string {
	t.Helper()
	source := filepath.Join(directory, name+".source")
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(directory, name)
	entries := []Entry{
		{Path: path, Source: source},
		{Path: filepath.Join(filepath.Dir(path), "link"), Link: path},
		{Path: "/tmp", Directory: true, Mode: 0o1777},
	}
	if err := WriteLayer(out, entries); err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, path string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	archive := tar.NewReader(bytes.NewReader(content(t, path)))
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[header.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func unmarshal(t *testing.T, bytes []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(bytes, into); err != nil {
		t.Fatal(err)
	}
}
