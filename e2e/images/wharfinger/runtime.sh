#!/bin/sh
# Makes the Java runtime of the operator's image.
#
# usage: runtime.sh JAVA_HOME CERTIFICATES TARGET
#   JAVA_HOME: a JDK 25; CERTIFICATES: the authorities to trust, in PEM; TARGET: must not exist
set -eu
home=$1 certificates=$2 target=$3
here=$(cd "$(dirname "$0")" && pwd)

"$home/bin/jlink" --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-6 \
  --add-modules "$(paste -sd, "$here/modules.txt")" --output "$target"

# The logging library needs the classes of java.beans, which are in java.desktop. Nobody draws or
# plays anything, and these want X11 and fonts.
cd "$target/lib"
rm -f libawt*.so libjawt.so libfontmanager.so libfreetype.so libharfbuzz.so libjavajpeg.so \
  liblcms.so libmlib_image.so libsplashscreen.so libjsound.so psfont*

rm -f security/cacerts
"$home/bin/java" "$here/TrustStore.java" "$certificates" "$target/lib/security/cacerts"

# The archive of loaded classes, for a quick start, remembers the time stamp of the modules, and
# layers carry none.
touch --date=@0 modules
"$target/bin/java" -Xshare:dump -XX:+UseSerialGC > /dev/null
chmod -R u=rwX,go=rX "$target"
