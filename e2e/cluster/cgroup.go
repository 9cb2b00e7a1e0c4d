package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"wharfinger.dev/e2e/cluster/process"
)

// mount is one line of the kernel's list of mounts.
type mount struct{ point, kind, options string }

func mounts() ([]mount, error) {
	content, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	return parseMounts(string(content)), nil
}

func parseMounts(content string) []mount {
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	all := []mount{}
	for _, line := range strings.Split(content, "\n") {
		before, after, found := strings.Cut(line, " - ")
		left, right := strings.Fields(before), strings.Fields(after)
		if !found || len(left) < 5 || len(right) < 3 {
			continue
		}
		all = append(all, mount{unescape.Replace(left[4]), right[0], right[2]})
	}
	return all
}

// cgroupParents are the control group hierarchies in which pods get their groups: the one of
// version 2, or every one of version 1.
func cgroupParents() ([]mount, error) {
	all, err := mounts()
	if err != nil {
		return nil, err
	}
	parents := []mount{}
	for _, m := range all {
		if m.kind == "cgroup2" && m.point == "/sys/fs/cgroup" || m.kind == "cgroup" {
			parents = append(parents, m)
		}
	}
	if len(parents) == 0 {
		return nil, errors.New("needs control groups, which are not mounted below /sys/fs/cgroup")
	}
	return parents, nil
}

// makeCgroups makes the group below which the kubelet keeps every pod.
func makeCgroups() error {
	parents, err := cgroupParents()
	if err != nil {
		return err
	}
	for _, parent := range parents {
		group := filepath.Join(parent.point, clusterName)
		if err := os.MkdirAll(group, 0o755); err != nil {
			return err
		}
		if parent.kind == "cgroup2" {
			err = delegate(parent.point, group)
		} else {
			err = inheritCPUs(parent.point, group)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// delegate lets the group's own children use the controllers the kubelet needs.
func delegate(parent, group string) error {
	for _, folder := range []string{parent, group} {
		for _, controller := range []string{"cpuset", "cpu", "io", "memory", "hugetlb", "pids"} {
			err := os.WriteFile(filepath.Join(folder, "cgroup.subtree_control"), []byte("+"+controller), 0)
			if err != nil && controller != "hugetlb" && controller != "io" {
				return fmt.Errorf("control group controller %s: %w", controller, err)
			}
		}
	}
	return nil
}

// inheritCPUs fills what a new group of version 1's cpuset hierarchy leaves empty; no process may
// enter the group before.
func inheritCPUs(parent, group string) error {
	for _, name := range []string{"cpuset.cpus", "cpuset.mems"} {
		content, err := os.ReadFile(filepath.Join(parent, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(group, name), content, 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// groups gives our control groups of all hierarchies, innermost first.
func groups() []string {
	all, _ := mounts()
	found := []string{}
	for _, m := range all {
		if m.kind != "cgroup" && m.kind != "cgroup2" {
			continue
		}
		_ = filepath.WalkDir(filepath.Join(m.point, clusterName), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				found = append(found, path)
			}
			return nil
		})
	}
	sort.Sort(sort.Reverse(sort.StringSlice(found)))
	return found
}

// groupMembers are the processes in our control groups: only containers of this cluster get there.
func groupMembers() []process.Record {
	members := []process.Record{}
	for _, group := range groups() {
		content, _ := os.ReadFile(filepath.Join(group, "cgroup.procs"))
		for _, field := range strings.Fields(string(content)) {
			pid, err := strconv.Atoi(field)
			if err != nil {
				continue
			}
			if record, err := process.Identify("container process", pid); err == nil {
				members = append(members, record)
			}
		}
	}
	return members
}
