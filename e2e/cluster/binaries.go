package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
)

// binaries prints the folder with every program, building what is missing. With --kube-api-test it
// prints a folder laid out for the Java library of that name, which starts an API server for tests.
func binaries(ctx context.Context, args []string) error {
	forLibrary := len(args) == 1 && args[0] == "--kube-api-test"
	if len(args) > 0 && !forLibrary {
		return errUsage
	}
	s, err := newSettings()
	if err != nil {
		return err
	}
	unlock, err := lock(ctx, s)
	if err != nil {
		return err
	}
	defer unlock()
	if err := buildBinaries(ctx, s); err != nil {
		return err
	}
	if !forLibrary {
		fmt.Println(s.Binaries)
		return nil
	}
	folder := filepath.Join(s.Cache, "cluster", "kube-api-test")
	version := strings.TrimPrefix(s.KubernetesVersion, "v") + "-linux-amd64"
	targets := map[string]string{}
	for _, name := range []string{"etcd", "kube-apiserver", "kubectl"} {
		if targets[name], err = filepath.EvalSymlinks(s.binary(name)); err != nil {
			return err
		}
	}
	if err := linkAll(filepath.Join(folder, "k8s", version), targets); err != nil {
		return err
	}
	fmt.Println(folder)
	return nil
}

func fields(text string) []string { return strings.Fields(text) }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
