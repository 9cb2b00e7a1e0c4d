package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"wharfinger.dev/e2e/cluster/process"
)

// Folders that the kubelet, the runtime and the network plugins make at fixed places, whatever
// their configuration says. Parents stand before their children.
var outsideFolders = []string{
	"/run/containerd", "/run/containerd/s", "/run/containerd/fifo", "/var/lib/kubelet",
	"/var/lib/kubelet/device-plugins", "/var/log/containers", "/var/log/pods", "/var/lib/cni",
	"/var/lib/cni/results", namespaceFolder,
}

func outsideRecord(s *settings) string { return filepath.Join(s.State, "outside.json") }

// rememberOutside notes which of those folders are not there yet, so that `down` removes the ones
// that came with the cluster and no other.
func rememberOutside(s *settings) error {
	if _, err := os.Stat(outsideRecord(s)); err == nil {
		return nil
	}
	absent := []string{}
	for _, folder := range outsideFolders {
		if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
			absent = append(absent, folder)
		}
	}
	content, err := json.Marshal(absent)
	if err != nil {
		return err
	}
	return writeFile(outsideRecord(s), string(content))
}

func forgetOutside(s *settings) error {
	content, err := os.ReadFile(outsideRecord(s))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	folders := []string{}
	if err := json.Unmarshal(content, &folders); err != nil {
		return err
	}
	failures := []error{}
	for _, folder := range folders {
		if folder == namespaceFolder {
			failures = append(failures, removeNamespaceFolder())
			continue
		}
		failures = append(failures, os.RemoveAll(folder))
	}
	return errors.Join(failures...)
}

// identifyFolder describes the process of a folder below /proc.
func identifyFolder(folder string) (process.Record, bool) {
	pid, err := strconv.Atoi(filepath.Base(folder))
	if err != nil || pid == os.Getpid() {
		return process.Record{}, false
	}
	name, _ := os.ReadFile(filepath.Join(folder, "comm"))
	record, err := process.Identify(strings.TrimSpace(string(name)), pid)
	return record, err == nil
}
