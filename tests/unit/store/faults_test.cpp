// What happens around a database: processes are killed, disks fill up, folders cannot be written,
// many write at once. Nothing that was committed is ever lost.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "store/schema.hpp"
#include "store/verify.hpp"
#include "support/without_privileges.hpp"
#include "unit/store/sample_records.hpp"

namespace prov::store {
namespace {

namespace fs = std::filesystem;
using test::ids;
using test::open_store;
using test::sample_record;
using testing::HasSubstr;

/// Runs `work` in a process of its own; its exit code, or -1 where it was killed.
class Child {
 public:
  template <class Work>
  explicit Child(Work work) : process_(fork()) {
    if (process_ == 0) _exit(work());
  }
  void kill() const { ::kill(process_, SIGKILL); }
  int wait() const {
    int status = 0;
    waitpid(process_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t process_;
};

class FaultsTest : public testing::Test {
 protected:
  fs::path path() const { return folder_.path() / "models.db"; }
  tests::TempFolder folder_;
};

// Large enough that the log is written back into the file again and again.
Record big_record(unsigned number) { return sample_record(number, 60'000); }

TEST_F(FaultsTest, KilledAtAnyInstantNothingCommittedIsLost) {
  std::mt19937 random(1);
  unsigned next = 0, told_first = 0;
  for (int round = 0; round < 100; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const Child child([&] {
      close(ends[0]);
      const Result<Store> store = Store::open(path(), Mode::create);
      if (!store) return 1;
      for (unsigned number = next;; ++number) {
        if (!add(*store, big_record(number))) return 2;
        if (write(ends[1], &number, sizeof number) != sizeof number) return 3;
      }
    });
    close(ends[1]);
    // Now and then before its first record, mostly after it, however slow the machine is.
    unsigned committed = next, number = 0;
    if (round % 4 != 0 && read(ends[0], &number, sizeof number) == sizeof number)
      committed = number + 1;
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    child.kill();
    EXPECT_EQ(child.wait(), -1) << "it ended by itself";
    while (read(ends[0], &number, sizeof number) == sizeof number) committed = number + 1;
    close(ends[0]);

    const Store store = open_store(path(), Mode::create);
    const auto count = static_cast<unsigned>(*store.count());
    ASSERT_GE(count, committed) << "round " << round;
    ASSERT_LE(count, committed + 1) << "round " << round;  // one that it could not tell any more
    if (committed > next) ++told_first;
    for (number = next; number < count; ++number)
      ASSERT_EQ(**store.find(big_record(number).id), big_record(number)) << "round " << round;
    next = count;
  }
  const Store store = open_store(path(), Mode::read);
  const Verification result = *verify(store);
  EXPECT_TRUE(result.is_sound());
  EXPECT_EQ(result.records, next);
  EXPECT_GE(told_first, 75U);
}

TEST_F(FaultsTest, KilledWhileItIsMadeADatabaseIsThereOrNot) {
  std::mt19937 random(2);
  const auto start = std::chrono::steady_clock::now();
  open_store(path());
  const auto needed = std::chrono::steady_clock::now() - start;
  for (int round = 0; round < 60; ++round) {
    const fs::path file = folder_.path() / std::to_string(round) / "models.db";
    const Child child([&] {
      const Result<Store> store = Store::open(file, Mode::create);
      pause();
      return 0;
    });
    std::this_thread::sleep_for(needed * (random() % 200) / 100);
    child.kill();
    child.wait();
    if (fs::exists(file)) {
      ASSERT_TRUE(Store::open(file, Mode::read)) << "round " << round;
    }
    ASSERT_TRUE(add(open_store(file), sample_record(1)));
  }
}

TEST_F(FaultsTest, ManyProcessesMakeAndFillOneFile) {
  constexpr unsigned kWriters = 6, kEach = 20;
  std::vector<Child> writers;
  for (unsigned writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      const Result<Store> store = Store::open(path(), Mode::create);
      if (!store) return 1;
      std::uint64_t seen = 0;
      for (unsigned i = 0; i < kEach; ++i) {
        if (!add(*store, sample_record(writer * kEach + i))) return 2;
        // Everyone adds this one, and only the first can.
        const Result<Outcome> shared = add(*store, sample_record(9999));
        if (!shared) return 3;
        const Result<std::uint64_t> now = store->count();
        if (!now || *now <= seen) return 4;
        seen = *now;
      }
      return 0;
    });
  }
  for (const Child& writer : writers) EXPECT_EQ(writer.wait(), 0);
  const Store store = open_store(path(), Mode::read);
  EXPECT_EQ(ids(store).size(), kWriters * kEach + 1);
  EXPECT_TRUE(verify(store)->is_sound());
}

TEST_F(FaultsTest, AFullDatabaseKeepsWhatItHas) {
  const Store store = open_store(path());
  ASSERT_TRUE(add(store, sample_record(1)));
  ASSERT_TRUE(store.database().run("PRAGMA max_page_count = 40"));
  Error error;
  unsigned added = 1;
  for (unsigned number = 2; number < 100 && error.message.empty(); ++number) {
    const Result<Outcome> outcome = add(store, sample_record(number));
    if (outcome) {
      ++added;
    } else {
      error = outcome.error();
    }
  }
  EXPECT_EQ(error.code, ErrorCode::io);
  EXPECT_THAT(error.message, HasSubstr("disk is full"));
  EXPECT_GT(added, 1U);
  EXPECT_EQ(*store.count(), added);
  EXPECT_TRUE(verify(store)->is_sound());
  // With room again, it goes on.
  ASSERT_TRUE(store.database().run("PRAGMA max_page_count = 100000"));
  EXPECT_TRUE(add(store, sample_record(200)));
}

// The limit of the operating system: writes fail in the middle, as on a disk without room.
TEST_F(FaultsTest, AFileThatMayNotGrowKeepsWhatItHas) {
  ASSERT_TRUE(add(open_store(path()), sample_record(1)));
  const Child child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{300'000, 300'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const Result<Store> store = Store::open(path(), Mode::write);
    if (!store) return 1;
    for (unsigned number = 2; number < 500; ++number) {
      const Result<Outcome> outcome = add(*store, sample_record(number));
      if (outcome) continue;
      if (outcome.error().code != ErrorCode::io) return 2;
      const Result<std::uint64_t> count = store->count();
      return count && *count == number - 1 ? 77 : 3;
    }
    return 4;
  });
  EXPECT_EQ(child.wait(), 77);
  const Store store = open_store(path(), Mode::write);
  EXPECT_GT(*store.count(), 5U);
  EXPECT_TRUE(verify(store)->is_sound());
  EXPECT_TRUE(add(store, sample_record(1000)));
}

TEST_F(FaultsTest, AFullDisk) {
  const fs::path disk = folder_.path() / "disk";
  fs::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=600k") != 0)
    GTEST_SKIP() << "no small disk can be mounted here; the two tests above fill a file";
  {
    const Store store = open_store(disk / "models.db");
    std::uint64_t added = 0;
    Error error;
    for (unsigned number = 0; number < 1000 && error.message.empty(); ++number) {
      const Result<Outcome> outcome = add(store, sample_record(number));
      if (outcome) {
        ++added;
      } else {
        error = outcome.error();
      }
    }
    EXPECT_EQ(error.code, ErrorCode::io) << error.to_string();
    EXPECT_GT(added, 5U);
    EXPECT_EQ(*store.count(), added);
    EXPECT_TRUE(verify(store)->is_sound());
    // Not even an empty database fits.
    const Result<Store> second = Store::open(disk / "second.db", Mode::create);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::io);
    EXPECT_FALSE(fs::exists(disk / "second.db"));
  }
  EXPECT_EQ(umount(disk.c_str()), 0);
}

TEST_F(FaultsTest, AWriterThatDoesNotEndIsAnErrorAndNoWait) {
  const Store first = open_store(path());
  const Store second = open_store(path());
  ASSERT_TRUE(second.database().run("PRAGMA busy_timeout = 50"));
  Batch batch = *Batch::begin(first);
  ASSERT_TRUE(batch.add(sample_record(1)));
  const Error error = add(second, sample_record(2)).error();
  EXPECT_EQ(error.code, ErrorCode::io);
  EXPECT_THAT(error.message, HasSubstr("another process"));
  EXPECT_EQ(*second.count(), 0U);
  ASSERT_TRUE(batch.commit());
  EXPECT_TRUE(add(second, sample_record(2)));
}

class ReadOnlyTest : public FaultsTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(add(open_store(path()), sample_record(1)));
    chmod(path().c_str(), 0444);
    chmod(folder_.path().c_str(), 0555);
  }
  void TearDown() override { chmod(folder_.path().c_str(), 0755); }
};

TEST_F(ReadOnlyTest, CanBeReadAndSaysWhyItCannotBeWritten) {
  const tests::WithoutPrivileges nobody;
  const Store store = open_store(path(), Mode::read);
  EXPECT_TRUE(store.database().is_immutable());
  EXPECT_EQ(**store.find("org/model-1"), sample_record(1));
  EXPECT_TRUE(verify(store)->is_sound());

  const Result<Store> writing = Store::open(path(), Mode::write);
  const Error error = writing ? add(*writing, sample_record(2)).error() : writing.error();
  EXPECT_EQ(error.code, ErrorCode::io) << error.to_string();
  EXPECT_EQ(error.file, path().string());
  EXPECT_NE(error.hint, "");
  const Error making = Store::open(folder_.path() / "new.db", Mode::create).error();
  EXPECT_EQ(making.code, ErrorCode::io);
  EXPECT_EQ(making.file, (folder_.path() / "new.db").string());
}

TEST_F(ReadOnlyTest, ALogThatWaitsIsNotOverlooked) {
  // What a killed writer left: the newest records are in the log alone.
  chmod(folder_.path().c_str(), 0755);
  chmod(path().c_str(), 0644);
  const Child child([&] {
    const Result<Store> store = Store::open(path(), Mode::write);
    if (!store || !add(*store, sample_record(2))) return 1;
    raise(SIGKILL);
    return 0;
  });
  ASSERT_EQ(child.wait(), -1);
  ASSERT_GT(fs::file_size(path().string() + "-wal"), 0U);
  fs::remove(path().string() + "-shm");
  chmod(folder_.path().c_str(), 0555);
  {
    const tests::WithoutPrivileges nobody;
    const Result<Store> store = Store::open(path(), Mode::read);
    ASSERT_FALSE(store);  // not the old state as if it were all
    EXPECT_EQ(store.error().code, ErrorCode::io);
  }
  chmod(folder_.path().c_str(), 0755);
  EXPECT_EQ(*open_store(path(), Mode::read).count(), 2U);
}

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((number >> shift) & 0xff);
  return bytes;
}

// SQLite itself deletes the file that such a journal names as soon as the database is read.
TEST_F(FaultsTest, AStrangersJournalDeletesNothing) {
  {
    const auto database = *Database::open(path(), Mode::create);
    ASSERT_TRUE(migrate(*database));
  }
  const fs::path victim = folder_.write("victim", "precious");
  const auto pages = static_cast<std::uint32_t>(fs::file_size(path()) / 4096);
  const std::string magic("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
  std::string journal = magic + big_endian(0) + big_endian(0) + big_endian(pages) +
                        big_endian(512) + big_endian(4096);
  journal.resize(512);
  std::uint32_t sum = 0;
  for (const char c : victim.string()) sum += static_cast<std::uint32_t>(c);
  journal += big_endian(0x40000000 / 4096 + 1) + victim.string() +
             big_endian(static_cast<std::uint32_t>(victim.string().size())) + big_endian(sum) +
             magic;
  folder_.write("models.db-journal", journal);
  for (const Mode mode : {Mode::read, Mode::write, Mode::create}) {
    const Result<Store> store = Store::open(path(), mode);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::malformed);
    EXPECT_THAT(store.error().message, HasSubstr("delete another file"));
    EXPECT_TRUE(fs::exists(victim));
  }
}

}  // namespace
}  // namespace prov::store
