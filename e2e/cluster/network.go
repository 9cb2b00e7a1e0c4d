package main

import (
	"context"
	"os"
	"path/filepath"
	"syscall"

	"wharfinger.dev/e2e/cluster/process"
)

const (
	// namespaceFolder is where `ip netns` keeps the names; it makes the folder a mount of its own.
	namespaceFolder = "/run/netns"
	namespaceFile   = namespaceFolder + "/" + clusterName
)

// insideNamespace gives the command that runs a program in the cluster's network. Not `ip netns
// exec`, which would also hide the machine's control group mounts.
func insideNamespace(arguments ...string) []string {
	return append([]string{"nsenter", "--net=" + namespaceFile}, arguments...)
}

// makeNetwork makes the network in which the whole cluster lives: a pair of interfaces lets this
// machine reach the API server, and no default route lets anything out.
func makeNetwork(ctx context.Context) error {
	if namespaceReady(ctx) {
		return nil
	}
	if err := removeNetwork(ctx); err != nil {
		return err
	}
	inside := func(arguments ...string) []string { return insideNamespace(arguments...) }
	for _, step := range [][]string{
		{"ip", "netns", "add", clusterName},
		{"ip", "link", "add", hostInterface, "type", "veth", "peer", "name", nodeInterface, "netns", clusterName},
		{"ip", "address", "add", hostAddress + linkPrefix, "dev", hostInterface},
		{"ip", "link", "set", hostInterface, "up"},
		inside("ip", "link", "set", "lo", "up"),
		inside("ip", "address", "add", nodeAddress+linkPrefix, "dev", nodeInterface),
		inside("ip", "link", "set", nodeInterface, "up"),
		inside("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.route_localnet=1"),
		// Service addresses need some route before the packet filter rewrites them. A bridge without
		// ports is the one device for that which every kernel has.
		inside("ip", "link", "add", "services", "type", "bridge"),
		inside("ip", "link", "set", "services", "up"),
		inside("ip", "route", "add", serviceRange, "dev", "services"),
	} {
		if _, err := run(ctx, step...); err != nil {
			return err
		}
	}
	// Where the kernel has it, traffic between pods of the same bridge must pass the packet filter
	// too, or answers from a Service come from the wrong address.
	_, _ = run(ctx, inside("sysctl", "-q", "-w", "net.bridge.bridge-nf-call-iptables=1")...)
	return nil
}

// namespaceReady looks at what makeNetwork does last.
func namespaceReady(ctx context.Context) bool {
	if _, err := os.Stat("/sys/class/net/" + hostInterface); err != nil {
		return false
	}
	routes, err := run(ctx, insideNamespace("ip", "route", "show", serviceRange)...)
	return err == nil && routes != ""
}

func removeNetwork(ctx context.Context) error {
	// Deleting one end of the pair deletes the other; the namespace may already be gone.
	if _, err := os.Stat("/sys/class/net/" + hostInterface); err == nil {
		if _, err := run(ctx, "ip", "link", "delete", hostInterface); err != nil {
			return err
		}
	}
	if _, err := os.Stat(namespaceFile); err == nil {
		if _, err := run(ctx, "ip", "netns", "delete", clusterName); err != nil {
			return err
		}
	}
	return nil
}

// removeNamespaceFolder removes the folder that the first namespace of the machine brought, unless
// somebody else's namespace has come since.
func removeNamespaceFolder() error {
	if names, err := os.ReadDir(namespaceFolder); err != nil || len(names) > 0 {
		return nil
	}
	if err := syscall.Unmount(namespaceFolder, 0); err != nil && err != syscall.EINVAL {
		return err
	}
	return os.Remove(namespaceFolder)
}

// namespaceMembers are the processes in the cluster's network: only this program puts any there.
func namespaceMembers() []process.Record {
	var ours, theirs syscall.Stat_t
	if syscall.Stat(namespaceFile, &ours) != nil {
		return nil
	}
	members := []process.Record{}
	links, _ := filepath.Glob("/proc/[0-9]*/ns/net")
	for _, link := range links {
		if syscall.Stat(link, &theirs) != nil || theirs.Ino != ours.Ino || theirs.Dev != ours.Dev {
			continue
		}
		if record, ok := identifyFolder(filepath.Dir(filepath.Dir(link))); ok {
			members = append(members, record)
		}
	}
	return members
}
