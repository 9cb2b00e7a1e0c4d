package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"

	"wharfinger.dev/e2e/cluster/process"
)

func down(ctx context.Context, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	s, err := newSettings()
	if err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return errors.New("needs root, as `up` did")
	}
	unlock, err := lock(ctx, s)
	if err != nil {
		return err
	}
	defer unlock()
	if !leftovers(s) {
		say("no cluster is there")
		return nil
	}
	began := time.Now()
	if err := tearDown(ctx, s); err != nil {
		return err
	}
	say("the cluster is gone after %s; the cache in %s stays", time.Since(began).Round(100*time.Millisecond), s.Cache)
	return nil
}

// leftovers tells whether anything of a cluster is on this machine.
func leftovers(s *settings) bool {
	for _, path := range []string{s.State, namespaceFile, "/sys/class/net/" + hostInterface, filepath.Join(s.Data, "etcd"), filepath.Join(s.Data, "containerd")} {
		if _, err := os.Lstat(path); err == nil {
			return true
		}
	}
	return len(groups()) > 0
}

// tearDown removes everything, in an order in which nothing is started anew: who starts pods first,
// then the pods, then the rest. It goes on after a failure, to leave as little as possible.
func tearDown(ctx context.Context, s *settings) error {
	failures := []error{}
	attempt := func(what string, err error) {
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", what, err))
		}
	}
	table := s.table()
	stop := func(names ...string) {
		for _, name := range names {
			attempt("stopping "+name, table.Stop(ctx, name, 10*time.Second))
		}
	}
	stop("kubelet", "local-path-provisioner", "kube-controller-manager", "kube-scheduler", "kube-proxy")
	if table.Alive("containerd") {
		// What fails here is caught by the control groups below.
		_ = endContainers(ctx, s)
	}
	stop("containerd")
	// Containers go before the API server, which would wait for their open requests.
	attempt("ending containers", endAll(ctx, groupMembers()))
	stop("kube-apiserver", "etcd")
	attempt("ending remaining processes", endAll(ctx, namespaceMembers()))
	attempt("unmounting", unmountBelow(s.State, s.Data))
	attempt("removing the network", removeNetwork(ctx))
	attempt("removing control groups", removeGroups(ctx))
	if len(failures) > 0 {
		// The state stays, so that a second `down` knows what to do.
		return errors.Join(failures...)
	}
	attempt("removing outside traces", forgetOutside(s))
	attempt("removing data", os.RemoveAll(s.Data))
	attempt("removing state", os.RemoveAll(s.State))
	for _, folder := range []string{s.Data, s.State} {
		// Only when nothing else is in it.
		_ = os.Remove(filepath.Dir(folder))
	}
	return errors.Join(failures...)
}

// endContainers ends every container through the runtime, so that their supervisors end too.
func endContainers(ctx context.Context, s *settings) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tasks, err := s.containers(ctx, "tasks", "list", "--quiet")
	if err != nil {
		return err
	}
	for _, task := range fields(tasks) {
		_, _ = s.containers(ctx, "tasks", "delete", "--force", task)
	}
	return nil
}

// endAll ends processes that have no record of their own: supervisors whose runtime died, and their
// containers.
func endAll(ctx context.Context, records []process.Record) error {
	failures := []error{}
	for _, record := range records {
		failures = append(failures, record.End(ctx, 0))
	}
	return errors.Join(failures...)
}

func unmountBelow(folders ...string) error {
	all, err := mounts()
	if err != nil {
		return err
	}
	points := []string{}
	for _, m := range all {
		for _, folder := range folders {
			if strings.HasPrefix(m.point, folder+"/") {
				points = append(points, m.point)
			}
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(points)))
	failures := []error{}
	for _, point := range points {
		if err := syscall.Unmount(point, syscall.MNT_DETACH); err != nil && err != syscall.EINVAL && err != syscall.ENOENT {
			failures = append(failures, fmt.Errorf("%s: %w", point, err))
		}
	}
	return errors.Join(failures...)
}

// removeGroups waits a moment for each group to become empty: the kernel removes an ended process
// from its group only after it has been collected.
func removeGroups(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var last error
		for _, group := range groups() {
			if err := syscall.Rmdir(group); err != nil && !errors.Is(err, fs.ErrNotExist) {
				last = fmt.Errorf("%s: %w", group, err)
			}
		}
		if last == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return last
		case <-tick.C:
		}
	}
}
