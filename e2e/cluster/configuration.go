package main

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed config manifests
var templates embed.FS

// render fills in one of the embedded templates.
func (s *settings) render(name string) (string, error) {
	parsed, err := template.ParseFS(templates, name)
	if err != nil {
		return "", err
	}
	var filled strings.Builder
	err = parsed.Option("missingkey=error").Execute(&filled, s)
	return filled.String(), err
}

// writeConfiguration writes every component's configuration file, and the keys and certificates
// when there are none yet.
func writeConfiguration(ctx context.Context, s *settings) error {
	for name, path := range map[string]string{
		"config/kubeadm.yaml":    "kubeadm.yaml",
		"config/kubelet.yaml":    "kubelet.yaml",
		"config/kube-proxy.yaml": "kube-proxy.yaml",
		"config/containerd.toml": "containerd.toml",
		"config/cni.conflist":    "cni/10-bridge.conflist",
	} {
		content, err := s.render(name)
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(s.State, path), content); err != nil {
			return err
		}
	}
	// The host's name servers cannot be reached from inside; a pod that asks for them gets an answer
	// at once instead of a time-out.
	if err := writeFile(filepath.Join(s.State, "resolv.conf"), "nameserver 127.0.0.1\n"); err != nil {
		return err
	}
	return makeKeys(ctx, s)
}

// makeKeys lets kubeadm make the certificate authority, certificates and users, as it does for any
// cluster.
func makeKeys(ctx context.Context, s *settings) error {
	if _, err := os.Stat(s.kubeconfig()); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	config := filepath.Join(s.State, "kubeadm.yaml")
	for _, phase := range [][]string{
		{"certs", "all", "--config", config},
		{"kubeconfig", "all", "--config", config, "--kubeconfig-dir", s.State},
	} {
		arguments := append([]string{s.binary("kubeadm"), "init", "phase"}, phase...)
		if _, err := run(ctx, arguments...); err != nil {
			return err
		}
	}
	// The last file written, so that its presence means that all others are there.
	content, err := os.ReadFile(filepath.Join(s.State, "super-admin.conf"))
	if err != nil {
		return err
	}
	return writeFile(s.kubeconfig(), string(content))
}

// apply gives an embedded manifest to the API server.
func (s *settings) apply(ctx context.Context, name string) error {
	manifest, err := s.render("manifests/" + name)
	if err != nil {
		return err
	}
	_, err = s.kubectl(ctx, manifest, "apply", "-f", "-")
	return err
}

// writeFile replaces a file as a whole; only root may read it, since some of them hold keys.
func writeFile(path, content string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	partial := path + ".partial"
	if err := os.WriteFile(partial, []byte(content), 0o600); err != nil {
		return err
	}
	return os.Rename(partial, path)
}
