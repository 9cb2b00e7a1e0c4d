package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"wharfinger.dev/e2e/cluster/process"
)

// up brings the cluster up, or back to health: every step looks first whether it is already done.
func up(ctx context.Context, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	s, err := newSettings()
	if err != nil {
		return err
	}
	if err := checkRights(s); err != nil {
		return err
	}
	unlock, err := lock(ctx, s)
	if err != nil {
		return err
	}
	defer unlock()
	began := time.Now()
	if err := prepare(ctx, s); err != nil {
		return err
	}
	if healthy(ctx, s) {
		say("the cluster is already up")
		summary(s)
		return nil
	}
	if err := dropForeignState(ctx, s); err != nil {
		return err
	}
	say("starting Kubernetes %s (usually half a minute)", s.KubernetesVersion)
	if err := bringUp(ctx, s); err != nil {
		return fmt.Errorf("%w\nwhat came up stays for inspection; `cluster down` removes it, `cluster up` tries again", err)
	}
	say("the cluster is up after %s", time.Since(began).Round(100*time.Millisecond))
	summary(s)
	return nil
}

func prepare(ctx context.Context, s *settings) error {
	if err := installPackages(ctx, s); err != nil {
		return err
	}
	return buildBinaries(ctx, s)
}

func bringUp(ctx context.Context, s *settings) error {
	archives, err := ownImages(ctx, s)
	if err != nil {
		return err
	}
	if err := rememberOutside(s); err != nil {
		return err
	}
	if err := makeNetwork(ctx); err != nil {
		return err
	}
	if err := makeCgroups(); err != nil {
		return err
	}
	if err := writeConfiguration(ctx, s); err != nil {
		return err
	}
	// Bring the API server up while containerd unpacks the images.
	if err := s.start("etcd", "containerd", "kube-apiserver"); err != nil {
		return err
	}
	if err := s.await(ctx, "the container runtime", "containerd", 30*time.Second, func(ctx context.Context) error {
		_, err := s.containers(ctx, "version")
		return err
	}); err != nil {
		return err
	}
	if err := importImages(ctx, s, archives); err != nil {
		return err
	}
	if err := s.await(ctx, "the API server", "kube-apiserver", 2*time.Minute, s.apiReady); err != nil {
		return err
	}
	if err := s.start("kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"); err != nil {
		return err
	}
	for _, manifest := range []string{"access.yaml", "coredns.yaml", "storage.yaml"} {
		if err := s.apply(ctx, manifest); err != nil {
			return err
		}
	}
	if err := s.start("local-path-provisioner"); err != nil {
		return err
	}
	return s.awaitWorkloads(ctx)
}

func (s *settings) awaitWorkloads(ctx context.Context) error {
	for _, wait := range []struct {
		what, component string
		condition       func(context.Context) error
	}{
		{"the node", "kubelet", s.nodeReady},
		// Without it no pod can be made in a namespace.
		{"service accounts", "kube-controller-manager", func(ctx context.Context) error {
			_, err := s.kubectl(ctx, "", "get", "serviceaccount", "default", "--namespace", "default")
			return err
		}},
		{"cluster DNS", "kubelet", s.dnsReady},
		{"volumes", "local-path-provisioner", func(context.Context) error { return nil }},
	} {
		if err := s.await(ctx, wait.what, wait.component, 2*time.Minute, wait.condition); err != nil {
			return err
		}
	}
	for _, c := range s.components() {
		if !s.table().Alive(c.name) {
			return fmt.Errorf("%s has ended; the end of %s:\n%s", c.name, s.log(c.name), s.lastWords(c.name))
		}
	}
	return nil
}

// dropForeignState removes a cluster that cannot be healed: of an earlier boot of the machine, or
// made by other versions.
func dropForeignState(ctx context.Context, s *settings) error {
	boot, err := process.BootID()
	if err != nil {
		return err
	}
	mark := filepath.Join(s.State, "made-by")
	wanted := boot + " " + s.Binaries + "\n"
	former, err := os.ReadFile(mark)
	if err == nil && string(former) == wanted {
		say("a cluster is there but not healthy: healing it")
		return nil
	}
	if err == nil || !errors.Is(err, os.ErrNotExist) || leftovers(s) {
		say("removing what an earlier cluster left")
		if err := tearDown(ctx, s); err != nil {
			return err
		}
	}
	return writeFile(mark, wanted)
}

func summary(s *settings) {
	say("  export KUBECONFIG=%s", s.kubeconfig())
	say("  export PATH=%s:$PATH   # kubectl, helm", s.Binaries)
}
