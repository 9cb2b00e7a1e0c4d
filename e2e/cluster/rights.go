package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// The capabilities that networks, mounts and containers cannot do without, by their number.
var needed = map[string]uint{
	"CAP_CHOWN": 0, "CAP_KILL": 5, "CAP_NET_ADMIN": 12, "CAP_NET_RAW": 13, "CAP_SYS_CHROOT": 18,
	"CAP_SYS_ADMIN": 21, "CAP_MKNOD": 27,
}

// checkRights refuses before anything is changed, naming what the machine does not allow.
func checkRights(s *settings) error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return fmt.Errorf("runs on linux/amd64, not on %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("needs root: it makes a network namespace, mounts and control groups")
	}
	if missing := missingCapabilities(); len(missing) > 0 {
		return fmt.Errorf("needs %s, which this machine or container withholds even from root", strings.Join(missing, ", "))
	}
	if _, err := cgroupParents(); err != nil {
		return err
	}
	return checkOverlay(s)
}

func missingCapabilities() []string {
	content, _ := os.ReadFile("/proc/self/status")
	return missingFrom(string(content))
}

func missingFrom(status string) []string {
	_, after, _ := strings.Cut(status, "CapEff:")
	line, _, _ := strings.Cut(after, "\n")
	effective, err := strconv.ParseUint(strings.TrimSpace(line), 16, 64)
	if err != nil {
		return nil
	}
	missing := []string{}
	for _, name := range sortedKeys(needed) {
		if effective&(1<<needed[name]) == 0 {
			missing = append(missing, name)
		}
	}
	return missing
}

// checkOverlay mounts an overlay where images will be unpacked: whether that works depends on the
// kernel and on the file system below, and only trying tells.
func checkOverlay(s *settings) error {
	if err := os.MkdirAll(s.Data, 0o755); err != nil {
		return err
	}
	trial, err := os.MkdirTemp(s.Data, "overlay-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(trial)
	for _, name := range []string{"lower", "upper", "work", "merged"} {
		if err := os.Mkdir(filepath.Join(trial, name), 0o755); err != nil {
			return err
		}
	}
	merged := filepath.Join(trial, "merged")
	options := fmt.Sprintf("lowerdir=%[1]s/lower,upperdir=%[1]s/upper,workdir=%[1]s/work", trial)
	if err := syscall.Mount("overlay", merged, "overlay", 0, options); err != nil {
		return fmt.Errorf("cannot mount an overlay below %s (%w); set WHARFINGER_DATA to a folder on ext4 or xfs", s.Data, err)
	}
	return syscall.Unmount(merged, 0)
}
