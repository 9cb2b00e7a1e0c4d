package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"wharfinger.dev/e2e/cluster/imagetar"
)

// ownImages writes the images that the cluster itself needs, unless they are cached, and gives
// their archives.
func ownImages(ctx context.Context, s *settings) ([]string, error) {
	kubernetes, err := filepath.EvalSymlinks(s.binary("coredns"))
	if err != nil {
		return nil, err
	}
	pause, err := filepath.EvalSymlinks(s.binary("pause"))
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(s.Cache, "cluster", "images")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	busybox := filepath.Join(folder, "busybox.tar")
	if _, err := os.Stat(busybox); err != nil {
		if err := busyboxArchive(ctx, folder, busybox); err != nil {
			return nil, err
		}
	}
	archives := []string{busybox}
	for _, image := range []struct{ name, reference, binary, path string }{
		{"pause", pauseImage, pause, "/pause"},
		{"kubernetes", kubernetesImage, kubernetes, "/coredns"},
	} {
		// A binary's folder is named by the hash of its sources.
		archive := filepath.Join(folder, filepath.Base(filepath.Dir(image.binary))+"-"+image.name+".tar")
		archives = append(archives, archive)
		if _, err := os.Stat(archive); err == nil {
			continue
		}
		entries := []imagetar.Entry{{Path: image.path, Source: image.binary}}
		config := map[string]any{"Entrypoint": []string{image.path}}
		if err := writeFrom(archive, image.reference, config, entries); err != nil {
			return nil, err
		}
	}
	return archives, nil
}

// busyboxArchive makes a small image with a shell, from the one static program of a Debian package.
// The package is unpacked but not installed: it would replace another variant of busybox.
func busyboxArchive(ctx context.Context, folder, archive string) error {
	say("making the image %s", busyboxImage)
	work, err := os.MkdirTemp(folder, "busybox-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	download := []string{"apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", "busybox-static"}
	if _, err := runIn(ctx, work, nil, "", download...); err != nil {
		if _, err := run(ctx, "apt-get", "update", "-q"); err != nil {
			return err
		}
		if _, err := runIn(ctx, work, nil, "", download...); err != nil {
			return err
		}
	}
	files, _ := filepath.Glob(filepath.Join(work, "busybox-static_*.deb"))
	if len(files) != 1 {
		return fmt.Errorf("expected one package of busybox-static, found %v", files)
	}
	if _, err := run(ctx, "dpkg-deb", "-x", files[0], filepath.Join(work, "root")); err != nil {
		return err
	}
	program := filepath.Join(work, "root", "bin", "busybox")
	list, err := run(ctx, program, "--list")
	if err != nil {
		return err
	}
	entries := []imagetar.Entry{{Path: "/bin/busybox", Source: program}, {Path: "/tmp", Directory: true, Mode: 0o1777}}
	for _, applet := range fields(list) {
		if applet != "busybox" {
			entries = append(entries, imagetar.Entry{Path: "/bin/" + applet, Link: "busybox"})
		}
	}
	config := map[string]any{"Cmd": []string{"/bin/sh"}, "Env": []string{"PATH=/bin"}}
	return writeFrom(archive, busyboxImage, config, entries)
}

func writeFrom(archive, reference string, config map[string]any, entries []imagetar.Entry) error {
	layer := archive + ".layer"
	defer os.Remove(layer)
	if err := imagetar.WriteLayer(layer, entries); err != nil {
		return err
	}
	encoded, err := json.Marshal(config)
	if err != nil {
		return err
	}
	return imagetar.Image{Name: reference, Config: encoded, Layers: []string{layer}}.Write(archive)
}

// importImages gives archives to the container runtime, in the namespace that the kubelet sees.
func importImages(ctx context.Context, s *settings, archives []string) error {
	for _, archive := range archives {
		if _, err := os.Stat(archive); err != nil {
			return err
		}
		if _, err := s.containers(ctx, "images", "import", archive); err != nil {
			return err
		}
	}
	return nil
}
