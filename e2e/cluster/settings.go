package main

import (
	"os"
	"path/filepath"
)

const (
	// clusterName names everything of the cluster that the machine's other programs can see: network
	// namespace, control group, interface.
	clusterName = "wharfinger"
	nodeName    = "node-1"

	hostInterface = "wharfinger0"
	nodeInterface = "host0"
	hostAddress   = "10.200.0.1"
	nodeAddress   = "10.200.0.2"
	linkPrefix    = "/30"
	podRange      = "10.244.0.0/24"
	serviceRange  = "10.96.0.0/16"
	dnsAddress    = "10.96.0.10"

	pauseImage      = "registry.local/pause:1"
	kubernetesImage = "registry.local/hyperkube:1"
	busyboxImage    = "registry.local/busybox:1"
)

// settings are the places where things lie and the values that configuration files are made from.
type settings struct {
	// Source is this program's own folder: the Go modules to build lie below it.
	Source string
	// Cache outlives clusters: binaries and images.
	Cache string
	// State and Data belong to one running cluster and go with it. State is small (records, keys,
	// sockets, logs) and may lie in memory; Data is large (database, images, volumes).
	State string
	Data  string

	Name, NodeName                    string
	NodeAddress, DNSAddress           string
	PodRange, ServiceRange            string
	PauseImage, KubernetesImage       string
	BusyboxImage                      string
	PKI, ContainerdSocket, Volumes    string
	KubernetesVersion, NetworkPlugins string
	Binaries                          string
}

func newSettings() (*settings, error) {
	cache := os.Getenv("WHARFINGER_CACHE")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		cache = filepath.Join(home, ".cache", "wharfinger")
	}
	s := &settings{
		Source: valueOr(os.Getenv("WHARFINGER_CLUSTER_SOURCE"), "."),
		Cache:  cache,
		State:  filepath.Join(valueOr(os.Getenv("WHARFINGER_STATE"), "/run/wharfinger"), "cluster"),
		Data:   filepath.Join(valueOr(os.Getenv("WHARFINGER_DATA"), "/var/lib/wharfinger"), "cluster"),
		Name:   clusterName, NodeName: nodeName,
		NodeAddress: nodeAddress, DNSAddress: dnsAddress, PodRange: podRange, ServiceRange: serviceRange,
		PauseImage: pauseImage, KubernetesImage: kubernetesImage, BusyboxImage: busyboxImage,
	}
	for _, path := range []*string{&s.Source, &s.Cache, &s.State, &s.Data} {
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return nil, err
		}
		*path = absolute
	}
	s.PKI = filepath.Join(s.State, "pki")
	s.ContainerdSocket = filepath.Join(s.State, "containerd.sock")
	s.Volumes = filepath.Join(s.Data, "volumes")
	return s, nil
}

func (s *settings) kubeconfig() string { return filepath.Join(s.State, "kubeconfig") }

func (s *settings) log(component string) string {
	return filepath.Join(s.State, "log", component+".log")
}

func (s *settings) binary(name string) string { return filepath.Join(s.Binaries, name) }

func valueOr(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
