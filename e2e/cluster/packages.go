package main

import (
	"context"
	"os/exec"
	"strings"
)

// What the cluster takes from Debian, by a program that tells whether it is there. Looking for
// programs instead of packages also accepts those that came another way.
var debianPackages = []struct{ program, name string }{
	{"containerd", "containerd"},
	{"runc", "runc"},
	{"conntrack", "conntrack"},
	{"iptables", "iptables"},
	{"ip", "iproute2"},
	{"nsenter", "util-linux"},
	{"sysctl", "procps"},
	{"dpkg-deb", "dpkg"},
}

// Where distributions put the container network plugins.
var networkPluginFolders = []string{"/usr/lib/cni", "/opt/cni/bin"}

func installPackages(ctx context.Context, s *settings) error {
	missing := []string{}
	for _, wanted := range debianPackages {
		if _, err := exec.LookPath(wanted.program); err != nil {
			missing = append(missing, wanted.name)
		}
	}
	if networkPlugins() == "" {
		missing = append(missing, "containernetworking-plugins")
	}
	if len(missing) > 0 {
		say("installing from Debian: %s (about half a minute)", strings.Join(missing, " "))
		// Lists may be fresh enough when another program holds their lock; the installation tells.
		_, updated := run(ctx, "apt-get", "update", "-q")
		arguments := append([]string{
			"apt-get", "install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300",
		}, missing...)
		if _, err := runIn(ctx, "", []string{"DEBIAN_FRONTEND=noninteractive"}, "", arguments...); err != nil {
			if updated != nil {
				say("%v", updated)
			}
			return err
		}
	}
	s.NetworkPlugins = networkPlugins()
	return nil
}

func networkPlugins() string {
	for _, folder := range networkPluginFolders {
		if _, err := exec.LookPath(folder + "/bridge"); err == nil {
			return folder
		}
	}
	return ""
}
