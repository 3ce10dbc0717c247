@echo off
rem Starts Tidemark: from a checkout, which it builds when it must, or from an installed distribution.
rem TIDEMARK_JAVA_OPTS adds options for the JVM, such as -Xmx1g.
setlocal EnableExtensions DisableDelayedExpansion

for %%I in ("%~dp0..") do set "TM_HOME=%%~fI"
set "TM_PLACE=%TM_HOME%"
if exist "%TM_HOME%\src\main\" set "TM_PLACE=%TM_HOME%\target"
set "TM_JAR=%TM_PLACE%\tidemark.jar"

call :find_java || exit /b 2
set "TM_ARCHIVE=%TM_PLACE%\tidemark-%TM_JAVA_VERSION%.jsa"

set "TM_SYSTEM=x86_64"
if /i "%PROCESSOR_ARCHITECTURE%"=="ARM64" set "TM_SYSTEM=aarch64"

set TM_OPTIONS=-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m -Xlog:disable -Xlog:all=error:stderr ^
 -Dfile.encoding=UTF-8 "-Dtidemark.home=%TM_HOME%" ^
 "-Dorg.sqlite.lib.path=%TM_PLACE%\native\Windows\%TM_SYSTEM%" %TIDEMARK_JAVA_OPTS%

if not "%TM_PLACE%"=="%TM_HOME%" call :build_if_stale || exit /b
if not exist "%TM_JAR%" (
  call :say "%TM_JAR% is missing." "Install Tidemark again."
  exit /b 2
)
if defined TM_JAVA_VERSION if not exist "%TM_ARCHIVE%" call :make_archive

rem Tidemark writes UTF-8; the console has its code page back afterwards.
set "TM_CODE_PAGE="
for /f "tokens=2 delims=:." %%C in ('chcp 2^>nul') do set /a "TM_CODE_PAGE=%%C" >nul 2>&1
chcp 65001 >nul 2>&1
"%TM_JAVA%" "-XX:SharedArchiveFile=%TM_ARCHIVE%" %TM_OPTIONS% -jar "%TM_JAR%" %*
set "TM_EXIT=%ERRORLEVEL%"
if defined TM_CODE_PAGE chcp %TM_CODE_PAGE% >nul 2>&1
exit /b %TM_EXIT%

:find_java
set "TM_JAVA="
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "TM_JAVA=%JAVA_HOME%\bin\java.exe"
if not defined TM_JAVA for %%I in (java.exe) do set "TM_JAVA=%%~$PATH:I"
if not defined TM_JAVA (
  call :say "Java was not found." "Install Java 17 or newer, or set JAVA_HOME."
  exit /b 2
)
set "TM_JAVA_VERSION="
for %%I in ("%TM_JAVA%\..\..\release") do set "TM_RELEASE=%%~fI"
if not exist "%TM_RELEASE%" exit /b 0
for /f "usebackq tokens=1,2 delims==" %%A in ("%TM_RELEASE%") do (
  if "%%A"=="JAVA_VERSION" set "TM_JAVA_VERSION=%%~B"
)
for /f "delims=." %%M in ("%TM_JAVA_VERSION%") do if %%M LSS 17 (
  call :say "Java %TM_JAVA_VERSION% is too old." "Install Java 17 or newer, or set JAVA_HOME."
  exit /b 2
)
exit /b 0

:build_if_stale
powershell -NoProfile -Command "$jar = Get-Item -LiteralPath $env:TM_JAR -ErrorAction SilentlyContinue; if (-not $jar) { exit 1 }; $sources = Get-ChildItem -Recurse -LiteralPath ($env:TM_HOME + '\src\main'), ($env:TM_HOME + '\pom.xml'); if ($sources | Where-Object { $_.LastWriteTime -gt $jar.LastWriteTime }) { exit 1 }"
if not errorlevel 1 exit /b 0
where mvn.cmd >nul 2>&1
if errorlevel 1 (
  call :say "Maven, which builds Tidemark, was not found." "Install Maven 3.8 or newer."
  exit /b 2
)
echo tidemark: building, which takes a moment ... 1>&2
pushd "%TM_HOME%"
call mvn.cmd -B -q -Dstyle.color=never -Dmaven.test.skip=true -Dstrict=false package 1>&2 <nul
set "TM_BUILT=%ERRORLEVEL%"
popd
if not "%TM_BUILT%"=="0" (
  call :say "The build failed." "The reason stands above; `mvn package` in %TM_HOME% tells all of it."
  exit /b 70
)
rem A build that changed nothing leaves the jar as old as it was.
powershell -NoProfile -Command "(Get-Item -LiteralPath $env:TM_JAR).LastWriteTime = Get-Date"
del /q "%TM_PLACE%\tidemark-*.jsa" >nul 2>&1
exit /b 0

rem The classes as the JVM keeps them in memory: it starts in half the time. Without it all works the same.
:make_archive
setlocal
set "TIDEMARK_CONFIG="
set "TM_SCRATCH=%TEMP%\tidemark-%RANDOM%%RANDOM%"
mkdir "%TM_SCRATCH%" >nul 2>&1
"%TM_JAVA%" "-XX:ArchiveClassesAtExit=%TM_ARCHIVE%" %TM_OPTIONS% "-Djava.io.tmpdir=%TM_SCRATCH%" "-Duser.home=%TM_SCRATCH%" -jar "%TM_JAR%" sync --demo >nul 2>&1 <nul
rmdir /s /q "%TM_SCRATCH%" >nul 2>&1
endlocal
exit /b 0

:say
echo tidemark: %~1 1>&2
echo   %~2 1>&2
exit /b 0
