package dev.kluis.vault.object;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kluis.vault.ListOperation;
import dev.kluis.vault.ObjectId;
import dev.kluis.vault.ObjectKind;
import dev.kluis.vault.ObjectOperation;
import dev.kluis.vault.VaultException;
import dev.kluis.vault.VaultId;
import dev.kluis.vault.access.Action;
import dev.kluis.vault.access.ObjectActions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lists of objects and of their versions, in pages. */
public final class ObjectLists {

    /** A page has at most this many entries. */
    public static final int MAX_PAGE = 500;

    private static final int MAX_TOKEN = 512;
    private static final Pattern NAME = Pattern.compile("[0-9a-z-]{1,127}");

    private ObjectLists() {}

    /** @param next the token of the page that follows; empty on the last one */
    public record Page<T>(List<T> entries, Optional<String> next) {}

    /**
     * The objects that are in use, by name.
     *
     * @param shown which of them
     */
    public record ObjectList(
            VaultId vault, ObjectKind kind, Predicate<ObjectState> shown, int limit, Optional<String> page)
            implements ListOperation<Page<ObjectView>> {

        public ObjectList(VaultId vault, ObjectKind kind, int limit, Optional<String> page) {
            this(vault, kind, any -> true, limit, page);
        }

        @Override
        public String name() {
            return kind.word() + "List";
        }

        @Override
        public Page<ObjectView> decide(Visible objects) {
            return objects(objects, shown, limit, page, true);
        }
    }

    /**
     * The deleted objects that can be recovered, by name.
     *
     * @param shown which of them
     */
    public record ObjectListDeleted(
            VaultId vault, ObjectKind kind, Predicate<ObjectState> shown, int limit, Optional<String> page)
            implements ListOperation<Page<ObjectView>> {

        public ObjectListDeleted(VaultId vault, ObjectKind kind, int limit, Optional<String> page) {
            this(vault, kind, any -> true, limit, page);
        }

        @Override
        public String name() {
            return kind.word() + "ListDeleted";
        }

        @Override
        public Page<ObjectView> decide(Visible objects) {
            return objects(objects, shown, limit, page, false);
        }
    }

    /**
     * The versions of an object, the oldest first.
     *
     * @param page a token of a page before; it holds when versions are made or purged in between
     */
    public record ObjectListVersions(ObjectId target, int limit, Optional<String> page)
            implements ObjectOperation<Page<VersionView>> {
        @Override
        public String name() {
            return target.kind().word() + "ListVersions";
        }

        @Override
        public Action action() {
            return ObjectActions.of(target.kind()).read();
        }

        @Override
        public Outcome<Page<VersionView>> decide(Situation situation) {
            requireLegal(limit);
            var state = situation.active(target).state();
            var versions = state.versions();
            var rest = page.map(ObjectLists::position)
                    .map(position -> position.after(versions))
                    .orElse(versions);
            return new Outcome.Answer<>(cut(
                    rest.stream().map(one -> VersionView.of(target, state, one)),
                    limit,
                    view -> Position.of(view.version()).toString()));
        }
    }

    private static Page<ObjectView> objects(
            ListOperation.Visible visible,
            Predicate<ObjectState> shown,
            int limit,
            Optional<String> page,
            boolean active) {
        requireLegal(limit);
        var wanted = visible.after(page.map(ObjectLists::name).orElse(""))
                .filter(existing -> existing.state().active() == active && shown.test(existing.state()))
                .map(ObjectView::of);
        return cut(wanted, limit, view -> view.id().name());
    }

    /** One more than asked for is taken, to know whether a page follows. */
    private static <T> Page<T> cut(Stream<T> all, int limit, Function<T, String> position) {
        var some = all.limit(limit + 1L).toList();
        if (some.size() <= limit) {
            return new Page<>(some, Optional.empty());
        }
        var entries = some.subList(0, limit);
        return new Page<>(List.copyOf(entries), Optional.of(token(position.apply(entries.getLast()))));
    }

    private static void requireLegal(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new VaultException(
                    VaultException.Code.BAD_PARAMETER, "a page has 1 to " + MAX_PAGE + " entries, not " + limit);
        }
    }

    // Tokens: opaque to clients, who may send anything; they name a position and give no right to what is there.

    private static String token(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(US_ASCII));
    }

    private static String decoded(String token) {
        try {
            if (token.length() <= MAX_TOKEN) {
                return new String(Base64.getUrlDecoder().decode(token), US_ASCII);
            }
        } catch (IllegalArgumentException e) {
            // Told below, as what is too long.
        }
        throw invalid();
    }

    private static VaultException invalid() {
        return new VaultException(
                VaultException.Code.BAD_PARAMETER, "the page token is none of this list's: start without one");
    }

    static String name(String token) {
        String name = decoded(token);
        if (!NAME.matcher(name).matches()) {
            throw invalid();
        }
        return name;
    }

    static Position position(String token) {
        return Position.parse(decoded(token));
    }

    /** A place among versions that is still one when the version itself is gone. */
    record Position(Instant created, String id) {

        private static final Pattern FORM = Pattern.compile("(-?[0-9]{1,18})/([0-9a-f]{32})");

        static Position of(ObjectVersion version) {
            return new Position(version.created(), version.id());
        }

        static Position parse(String text) {
            var parts = FORM.matcher(text);
            if (!parts.matches()) {
                throw invalid();
            }
            try {
                return new Position(Instant.ofEpochMilli(Long.parseLong(parts.group(1))), parts.group(2));
            } catch (DateTimeException e) {
                throw invalid();
            }
        }

        List<ObjectVersion> after(List<ObjectVersion> versions) {
            for (int i = 0; i < versions.size(); i++) {
                if (versions.get(i).id().equals(id)) {
                    return versions.subList(i + 1, versions.size());
                }
            }
            return versions.stream()
                    .filter(version -> version.created().isAfter(created))
                    .toList();
        }

        @Override
        public String toString() {
            return created.toEpochMilli() + "/" + id;
        }
    }
}
