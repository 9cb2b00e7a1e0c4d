package dev.wharfinger.e2e.fault;

import dev.wharfinger.testing.Repository;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Classes of the jar that is shipped, in a class loader of their own. What a stand-in says in their
 * place is then said by themselves, in the very shape that the operator reads.
 */
final class Jar {
  private static final ClassLoader LOADER = open();

  private Jar() {}

  private static ClassLoader open() {
    try {
      URL jar = Repository.root().resolve("operator/target/wharfinger.jar").toUri().toURL();
      // Nothing of the tests' own libraries; its manifest names those beside it.
      return new URLClassLoader("jar", new URL[] {jar}, ClassLoader.getPlatformClassLoader());
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A class of ours by its name below {@code dev.wharfinger}, or a library's by all of it. */
  static Class<?> type(String name) {
    try {
      return Class.forName(name.startsWith("org.") ? name : "dev.wharfinger." + name, true, LOADER);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the jar lacks " + name, e);
    }
  }

  /** A new object of the only constructor that takes so many arguments. */
  static Object make(String type, @Nullable Object... arguments) {
    Constructor<?> constructor =
        Arrays.stream(type(type).getDeclaredConstructors())
            .filter(c -> c.getParameterCount() == arguments.length)
            .findFirst()
            .orElseThrow();
    return Objects.requireNonNull(call(constructor, () -> constructor.newInstance(arguments)));
  }

  /** What a static method answers. */
  static Object ask(String type, String method, @Nullable Object... arguments) {
    Method found = method(type(type), method, arguments.length);
    return Objects.requireNonNull(call(found, () -> found.invoke(null, arguments)));
  }

  /** Runs a static method that answers nothing. */
  static void tell(String type, String method, @Nullable Object... arguments) {
    Method found = method(type(type), method, arguments.length);
    call(found, () -> found.invoke(null, arguments));
  }

  /** What a method of an object answers. */
  static Object on(Object object, String method, @Nullable Object... arguments) {
    Method found = method(object.getClass(), method, arguments.length);
    return Objects.requireNonNull(call(found, () -> found.invoke(object, arguments)));
  }

  /** A constant. */
  static Object constant(String type, String name) {
    try {
      Field field = type(type).getDeclaredField(name);
      field.setAccessible(true);
      return Objects.requireNonNull(field.get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Method method(Class<?> type, String name, int arguments) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(m -> m.getName().equals(name) && m.getParameterCount() == arguments)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(type + " has no " + name));
  }

  private interface Deed {
    @Nullable Object run() throws ReflectiveOperationException;
  }

  private static @Nullable Object call(Executable what, Deed deed) {
    what.setAccessible(true);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(LOADER);
    try {
      return deed.run();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
