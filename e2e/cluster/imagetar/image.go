// Package imagetar writes container images as docker-archive files, the format every runtime can
// import. Root file systems come from distribution packages or from static programs of our own, so
// neither a container engine nor a registry is needed to make an image.
package imagetar

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Image describes one image to write.
type Image struct {
	// Name is the reference under which the runtime knows the image, with its tag.
	Name string
	// Config is the "config" object of the OCI image configuration (Entrypoint, Env, User ...).
	Config json.RawMessage
	// Layers are the files of uncompressed layer archives, lowest first.
	Layers []string
}

// configuration is the OCI image configuration. It carries no time of creation, so that equal
// inputs make equal images.
type configuration struct {
	Architecture string          `json:"architecture"`
	OS           string          `json:"os"`
	Config       json.RawMessage `json:"config"`
	RootFS       rootFS          `json:"rootfs"`
	History      []struct{}      `json:"history"`
}

type rootFS struct {
	Type    string   `json:"type"`
	DiffIDs []string `json:"diff_ids"`
}

type manifest struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// Write makes the archive at path out. The file appears whole or not at all.
func (i Image) Write(out string) error {
	if i.Name == "" || len(i.Layers) == 0 {
		return errors.New("an image needs a name and at least one layer")
	}
	var object map[string]any
	if err := json.Unmarshal(i.Config, &object); err != nil {
		return fmt.Errorf("the configuration of %s is not a JSON object: %w", i.Name, err)
	}
	digests := make([]string, len(i.Layers))
	for n, layer := range i.Layers {
		digest, err := digestOfLayer(layer)
		if err != nil {
			return err
		}
		digests[n] = digest
	}
	return writeWhole(out, func(w io.Writer) error { return i.writeTo(w, digests) })
}

func (i Image) writeTo(w io.Writer, digests []string) error {
	config := configuration{
		Architecture: "amd64", OS: "linux", Config: i.Config, History: []struct{}{},
		RootFS: rootFS{Type: "layers"},
	}
	described := manifest{RepoTags: []string{i.Name}}
	for _, digest := range digests {
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, "sha256:"+digest)
		described.Layers = append(described.Layers, digest+".tar")
	}
	configBytes, err := json.Marshal(config)
	if err != nil {
		return err
	}
	described.Config = hexDigest(configBytes) + ".json"
	manifestBytes, err := json.Marshal([]manifest{described})
	if err != nil {
		return err
	}
	archive := tar.NewWriter(w)
	if err := addBytes(archive, "manifest.json", manifestBytes); err != nil {
		return err
	}
	if err := addBytes(archive, described.Config, configBytes); err != nil {
		return err
	}
	written := map[string]bool{}
	for n, layer := range i.Layers {
		if written[digests[n]] {
			continue
		}
		written[digests[n]] = true
		if err := addFile(archive, described.Layers[n], 0o644, layer); err != nil {
			return err
		}
	}
	return archive.Close()
}

// digestOfLayer hashes a layer and refuses compressed ones: the digest in an image's configuration
// is that of the uncompressed archive, and a runtime would reject the image only much later.
func digestOfLayer(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	header := make([]byte, 512)
	if _, err := io.ReadFull(file, header); err != nil || !bytes.Equal(header[257:262], []byte("ustar")) {
		return "", fmt.Errorf("%s is not an uncompressed tar archive", path)
	}
	hash := sha256.New()
	hash.Write(header)
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func hexDigest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func addBytes(archive *tar.Writer, name string, content []byte) error {
	header := &tar.Header{Name: name, Mode: 0o644, Size: int64(len(content)), ModTime: time.Unix(0, 0), Format: tar.FormatPAX}
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	_, err := archive.Write(content)
	return err
}

func addFile(archive *tar.Writer, name string, mode int64, source string) error {
	file, err := os.Open(source)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	header := &tar.Header{Name: name, Mode: mode, Size: info.Size(), ModTime: time.Unix(0, 0), Format: tar.FormatPAX}
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(archive, file)
	return err
}

func writeWhole(out string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(out), filepath.Base(out)+".partial-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	err = write(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(file.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(file.Name(), out)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", out, err)
	}
	return nil
}
