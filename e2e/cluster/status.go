package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
)

var errNotUp = errors.New("the cluster is not up; `cluster up` starts it")

// status prints what runs; it fails when the cluster does not work as a whole.
func status(ctx context.Context, args []string) error {
	s, err := settingsOfRunning(args)
	if err != nil {
		return err
	}
	for _, c := range s.components() {
		record, known := s.table().Get(c.name)
		if !known || !record.Alive() {
			fmt.Printf("%-24s not running; log %s\n", c.name, s.log(c.name))
			continue
		}
		fmt.Printf("%-24s process %-8d %4d MiB\n", c.name, record.PID, residentMiB(record.PID))
	}
	fmt.Printf("state %s (%d MiB), data %s (%d MiB)\n", s.State, sizeMiB(s.State), s.Data, sizeMiB(s.Data))
	if err := s.apiReady(ctx); err != nil {
		return fmt.Errorf("the API server does not answer: %w", err)
	}
	for _, arguments := range [][]string{{"version"}, {"get", "nodes", "--output", "wide"}, {"get", "pods", "--all-namespaces"}} {
		output, err := s.kubectl(ctx, "", arguments...)
		if err != nil {
			return err
		}
		fmt.Print(output)
	}
	if !healthy(ctx, s) {
		return errors.New("the cluster is not healthy; `cluster up` heals it")
	}
	return nil
}

func kubeconfig(_ context.Context, args []string) error {
	s, err := settingsOfRunning(args)
	if err == nil {
		fmt.Println(s.kubeconfig())
	}
	return err
}

func settingsOfRunning(args []string) (*settings, error) {
	if len(args) > 0 {
		return nil, errUsage
	}
	s, err := newSettings()
	if err != nil {
		return nil, err
	}
	return s, s.locateRunning()
}

// locateRunning finds the programs that the running cluster was started from, without building.
func (s *settings) locateRunning() error {
	mark, err := os.ReadFile(filepath.Join(s.State, "made-by"))
	words := fields(string(mark))
	if err != nil || len(words) != 2 {
		return errNotUp
	}
	if _, err := os.Stat(s.kubeconfig()); err != nil {
		return errNotUp
	}
	s.Binaries = words[1]
	return nil
}

// load imports image archives, so that pods can use them without any registry.
func load(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	s, err := settingsOfRunning(nil)
	if err != nil {
		return err
	}
	for _, archive := range args {
		say("loading %s", archive)
		if err := importImages(ctx, s, []string{archive}); err != nil {
			return err
		}
	}
	return nil
}

func residentMiB(pid int) int {
	content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(content)
	if found == nil {
		return 0
	}
	kibibytes, _ := strconv.Atoi(string(found[1]))
	return kibibytes / 1024
}

// sizeMiB adds up a folder's files, without those of the file systems that containers have mounted
// below it.
func sizeMiB(folder string) int64 {
	total := int64(0)
	own := device(folder)
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && device(path) != own {
			return fs.SkipDir
		}
		if err == nil && entry.Type().IsRegular() {
			if info, err := entry.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil
	})
	return total >> 20
}

func device(path string) uint64 {
	var stat syscall.Stat_t
	_ = syscall.Stat(path, &stat)
	return stat.Dev
}
